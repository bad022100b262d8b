import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconAlertCircle, IconCopy, IconFolderPlus, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { Condition } from "../../../protocol/conditions.ts";
import { CONDITION_DEPTH_MAX } from "../../../protocol/limits.ts";
import { AddCondition } from "./add-condition.tsx";
import { useOffers } from "./builder-context.ts";
import { ConditionRow } from "./condition-row.tsx";
import {
  conditionOf,
  groupOf,
  groupCost,
  withChange,
  withDuplicate,
  withItem,
  withoutItem,
  type Group,
  type GroupMode,
} from "./edits.ts";
import { flawOfLeaf } from "./flaws.ts";
import { leafWords } from "./sentence.ts";
import { isLeaf } from "./test-edits.ts";
import { VerbSelect } from "./verb-select.tsx";
import styles from "./conditions.module.css";

type Props = {
  value: Condition;
  onChange(condition: Condition): void;
  intro: string;
  /** How deep this group stands, the outermost at 1. */
  depth: number;
};

const MODES: readonly { value: GroupMode; label: string }[] = [
  { value: "all", label: "all" },
  { value: "any", label: "any" },
  { value: "none", label: "none" },
];

/** One group: how its rows count together, the rows, and what can be added. */
export function ConditionGroup({ value, onChange, intro, depth }: Props) {
  const group = groupOf(value);
  const list = useRef<HTMLUListElement>(null);
  const wishRef = useFocusWish(list);
  const change = (next: Group): void => onChange(conditionOf(next));
  const inside = depth + groupCost(group.mode);

  function add(item: Condition): void {
    wishRef.current = group.items.length;
    change(withItem(group, item));
  }
  function remove(index: number): void {
    wishRef.current = Math.max(0, index - 1);
    change(withoutItem(group, index));
  }

  return (
    <div
      className={styles.group}
      data-depth={depth}
      role="group"
      aria-label={`${intro} ${group.mode} of`}
    >
      <p className={styles.groupHead}>
        <span>{intro}</span>
        <VerbSelect
          label="How many of them must hold"
          value={group.mode}
          options={MODES}
          onChange={(mode) => change({ ...group, mode })}
        />
        <span>of:</span>
      </p>
      {group.items.length > 0 && (
        <ul className={styles.rows} ref={list}>
          {group.items.map((item, index) => (
            <Item
              // Conditions have no identity of their own; every field in them is controlled.
              // oxlint-disable-next-line react/no-array-index-key
              key={`${index}.${item.type}`}
              item={item}
              connector={index === 0 ? "" : group.mode === "all" ? "and" : "or"}
              depth={inside}
              onChange={(next) => change(withChange(group, index, next))}
              onRemove={() => remove(index)}
              onDuplicate={() => {
                wishRef.current = index + 1;
                change(withDuplicate(group, index));
              }}
            />
          ))}
        </ul>
      )}
      {group.items.length === 0 && depth > 1 && <Flaw words="Add a condition to this group." />}
      <div className={styles.add}>
        <AddCondition onAdd={add} />
        {inside <= CONDITION_DEPTH_MAX && (
          <Button
            className={styles.addGroup ?? ""}
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconFolderPlus size={15} />}
            onClick={() => add({ type: group.mode === "any" ? "all" : "any", of: [] })}
          >
            Add a group
          </Button>
        )}
      </div>
    </div>
  );
}

type ItemProps = {
  item: Condition;
  connector: string;
  depth: number;
  onChange(condition: Condition): void;
  onRemove(): void;
  onDuplicate(): void;
};

function Item({ item, connector, depth, onChange, onRemove, onDuplicate }: ItemProps) {
  const { names } = useOffers();
  const isRow = isLeaf(item);
  const words = isRow ? leafWords(item, { names }) : "group";
  const flaw = isRow ? flawOfLeaf(item) : null;
  return (
    <li className={styles.item} data-row data-flawed={flaw !== null}>
      <span className={styles.connector} aria-hidden={connector === ""}>
        {connector}
      </span>
      <div className={styles.body} role="group" aria-label={words}>
        {isRow ? (
          <ConditionRow value={item} onChange={onChange} />
        ) : (
          <ConditionGroup value={item} onChange={onChange} intro="" depth={depth} />
        )}
        {flaw !== null && <Flaw words={flaw} />}
      </div>
      <div className={styles.tools}>
        <Tooltip label="Duplicate">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Duplicate: ${words}`}
            onClick={onDuplicate}
          >
            <IconCopy size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Remove">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove: ${words}`}
            onClick={onRemove}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
    </li>
  );
}

function Flaw({ words }: { words: string }) {
  return (
    <p className={styles.flaw}>
      <IconAlertCircle size={14} aria-hidden="true" />
      {words}
    </p>
  );
}

/** After a row was added, copied or removed, the focus goes to the row that is named here. */
function useFocusWish(list: React.RefObject<HTMLUListElement | null>): { current: number | null } {
  const wish = useRef<number | null>(null);
  useEffect(() => {
    if (wish.current === null) return;
    const row = list.current?.querySelectorAll(":scope > [data-row]")[wish.current];
    wish.current = null;
    row?.querySelector<HTMLElement>("input, select, button")?.focus();
  });
  return wish;
}
