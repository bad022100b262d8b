import { Menu, Button, Textarea, TextInput } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, type ReactNode } from "react";
import { TEMPLATE_MAX } from "../../../../protocol/limits.ts";
import { catalogueQuery } from "../../api/queries.ts";
import { templateValues, withInserted } from "../template-values.ts";
import styles from "./editor.module.css";

type Props = {
  label: string;
  description?: ReactNode;
  placeholder?: string;
  value: string;
  onChange(text: string): void;
  isMultiline?: boolean;
  error?: string | null;
};

/** A text with places that are filled in for each person; the menu writes the place with its fallback. */
export function TemplateField({
  label,
  description,
  placeholder,
  value,
  onChange,
  isMultiline = false,
  error = null,
}: Props) {
  const { data: catalogue } = useQuery(catalogueQuery);
  const area = useRef<HTMLTextAreaElement>(null);
  const line = useRef<HTMLInputElement>(null);
  function insert(place: string): void {
    const field = area.current ?? line.current;
    const from = field?.selectionStart ?? value.length;
    const to = field?.selectionEnd ?? value.length;
    const { text, caret } = withInserted(value, place, from, to);
    onChange(text);
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(caret, caret);
    });
  }
  const field = {
    label,
    description,
    placeholder,
    value,
    error,
    maxLength: TEMPLATE_MAX,
    dir: "auto",
  } as const;
  return (
    <div className={styles.template}>
      {isMultiline ? (
        <Textarea
          {...field}
          ref={area}
          autosize
          minRows={3}
          maxRows={12}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          {...field}
          ref={line}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <Menu position="bottom-end" width={280} returnFocus={false}>
        <Menu.Target>
          <Button
            className={styles.insert ?? ""}
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={<IconBraces size={14} />}
            aria-label={`Insert a value into: ${label}`}
          >
            Insert a value
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={styles.values ?? ""}>
          {templateValues(catalogue?.properties ?? []).map(({ label: what, place }) => (
            <Menu.Item key={place} onClick={() => insert(place)}>
              {what}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
