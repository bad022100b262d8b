import { ActionIcon, Button, TextInput, Tooltip } from "@mantine/core";
import { IconCopy, IconTrash } from "@tabler/icons-react";
import type { KeyboardEvent } from "react";
import { VARIANTS_MAX } from "../../../../protocol/limits.ts";
import type { Catalogue } from "../../../../protocol/segments-api.ts";
import type { Variant } from "../../../../protocol/triggers.ts";
import type { Names } from "../../conditions/names.ts";
import { NumberField } from "../../conditions/number-field.tsx";
import { sharesOf, withCopiedVariant, withoutVariant, withVariant } from "../edits.ts";
import type { Flaw } from "../flaws.ts";
import styles from "./editor.module.css";
import { ActionFields } from "./action-fields.tsx";
import words from "../../page/words.module.css";

type Props = {
  value: readonly Variant[];
  onChange(variants: Variant[]): void;
  holdOut: number;
  /** The variant that is shown, here and in the preview. */
  chosen: string;
  onChoose(id: string): void;
  /** Ids that earlier versions used. */
  taken: ReadonlySet<string>;
  catalogue: Catalogue | undefined;
  names: Names;
  flaws: readonly Flaw[];
};

/** What is sent: one message, or several of which each person always gets the same. */
export function VariantFields(props: Props) {
  const { value: variants, onChange, chosen, onChoose, holdOut, taken, flaws } = props;
  const index = Math.max(
    0,
    variants.findIndex(({ id }) => id === chosen),
  );
  const variant = variants[index];
  if (variant === undefined) return null;
  const shares = sharesOf(variants, holdOut);
  const change = (part: Partial<Variant>): void => onChange(withVariant(variants, index, part));

  function copy(): void {
    const next = withCopiedVariant(variants, index, taken);
    onChange(next);
    onChoose(next.at(-1)?.id ?? chosen);
  }

  function remove(): void {
    const next = withoutVariant(variants, index);
    onChange(next);
    onChoose(next[Math.max(0, index - 1)]?.id ?? "");
  }

  const fields = (
    <ActionFields
      key={variant.id}
      value={variant.action}
      onChange={(action) => change({ action })}
      catalogue={props.catalogue}
      names={props.names}
      flaws={flaws.filter((flaw) => flaw.variant === variant.id)}
    />
  );
  if (variants.length === 1) {
    return (
      <>
        {fields}
        <div>
          <Button variant="default" size="xs" leftSection={<IconCopy size={14} />} onClick={copy}>
            Try another version against it
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <div className={styles.tabBar}>
        <VariantTabs variants={variants} shares={shares} chosen={variant.id} onChoose={onChoose} />
        {variants.length < VARIANTS_MAX && (
          <Tooltip label="Add a variant like this one">
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label="Add a variant like this one"
              onClick={copy}
            >
              <IconCopy size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <div
        role="tabpanel"
        id={PANEL}
        aria-labelledby={`variant-${variant.id}`}
        className={styles.tabPanel}
      >
        <div className={styles.line}>
          <TextInput
            aria-label="Name of the variant"
            maxLength={60}
            value={variant.name}
            error={variant.name.trim() === ""}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <span>with weight</span>
          <NumberField
            label="Weight"
            isWhole
            min={1}
            value={variant.weight}
            isInvalid={!(variant.weight >= 1 && variant.weight <= 100)}
            onChange={(weight) => change({ weight })}
          />
          <span className={words.quiet}>{Math.round(shares[index] ?? 0)} of 100 people get it</span>
          <Tooltip label="Remove this variant">
            <ActionIcon
              className={styles.end ?? ""}
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove ${variant.name}`}
              onClick={remove}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        </div>
        {fields}
      </div>
    </>
  );
}

const PANEL = "variant-panel";

type TabsProps = {
  variants: readonly Variant[];
  shares: readonly number[];
  chosen: string;
  onChoose(id: string): void;
};

/** One tab each; arrows go from one to the next. */
function VariantTabs({ variants, shares, chosen, onChoose }: TabsProps) {
  function step(event: KeyboardEvent<HTMLDivElement>): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    const at = variants.findIndex(({ id }) => id === chosen);
    const next = variants[(at + by + variants.length) % variants.length];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`variant-${next.id}`)?.focus();
  }
  return (
    <div
      role="tablist"
      aria-label="Variants"
      tabIndex={-1}
      className={styles.tabs}
      onKeyDown={step}
    >
      {variants.map(({ id, name }, at) => (
        <button
          key={id}
          id={`variant-${id}`}
          type="button"
          role="tab"
          aria-selected={id === chosen}
          aria-controls={PANEL}
          tabIndex={id === chosen ? 0 : -1}
          className={styles.tab}
          onClick={() => onChoose(id)}
        >
          <span dir="auto">{name === "" ? "Unnamed" : name}</span>{" "}
          <span className={words.quiet}>{Math.round(shares[at] ?? 0)} %</span>
        </button>
      ))}
    </div>
  );
}
