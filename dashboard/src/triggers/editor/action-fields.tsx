import { Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { useRef } from "react";
import type { Catalogue } from "../../../../protocol/segments-api.ts";
import type { Action } from "../../../../protocol/triggers.ts";
import type { Names } from "../../conditions/names.ts";
import { VerbSelect } from "../../conditions/verb-select.tsx";
import { FIRST_CARD, withActionType } from "../edits.ts";
import type { Flaw } from "../flaws.ts";
import styles from "./editor.module.css";
import { CardFields } from "./card-fields.tsx";
import { TemplateField } from "./template-field.tsx";

type Props = {
  value: Action;
  onChange(action: Action): void;
  catalogue: Catalogue | undefined;
  names: Names;
  /** Of this variant. */
  flaws: readonly Flaw[];
};

/** One message: its kind, its words and what it carries. */
export function ActionFields({ value: action, onChange, catalogue, names, flaws }: Props) {
  /** What each kind held when another was chosen. */
  const before = useRef<Partial<Record<Action["type"], Action>>>({});
  function choose(type: Action["type"]): void {
    before.current[action.type] = action;
    onChange(withActionType(action, type, before.current[type]));
  }
  return (
    <>
      <SegmentedControl
        aria-label="Kind of message"
        className={styles.kinds ?? ""}
        value={action.type}
        onChange={(type) => {
          if (type === "chat" || type === "popup" || type === "alert") choose(type);
        }}
        data={[
          { value: "popup", label: "Pop-up" },
          { value: "chat", label: "Chat message" },
          { value: "alert", label: "Alert to the team" },
        ]}
      />
      {action.type === "alert" ? (
        <TemplateField
          label="What the team reads"
          description="Beside the person’s name, with one click to write to them. The person sees nothing."
          isMultiline
          value={action.text}
          onChange={(text) => onChange({ ...action, text })}
        />
      ) : (
        <Message
          action={action}
          onChange={onChange}
          catalogue={catalogue}
          names={names}
          flaws={flaws}
        />
      )}
    </>
  );
}

type Spoken = Exclude<Action, { type: "alert" }>;
type MessageProps = Omit<Props, "value" | "onChange"> & {
  action: Spoken;
  onChange(action: Action): void;
};

function Message({ action, onChange, catalogue, names, flaws }: MessageProps) {
  const change = (part: Partial<Pick<Spoken, "from" | "text" | "button" | "card">>): void =>
    onChange({ ...action, ...part });
  const flawAt = (field: Flaw["field"]): string | null =>
    flaws.find((flaw) => flaw.field === field)?.text ?? null;
  return (
    <>
      <div className={styles.line}>
        <span>from</span>
        <VerbSelect
          label="Who speaks"
          value={action.from.type === "free" ? "" : action.from.operator}
          options={[
            { value: "", label: "whoever is free then" },
            ...[...names.operators].map(([value, label]) => ({ value, label })),
          ]}
          onChange={(operator) =>
            change({ from: operator === "" ? { type: "free" } : { type: "operator", operator } })
          }
        />
        {action.type === "popup" && (
          <>
            <span>shown</span>
            <VerbSelect
              label="Place"
              value={action.place}
              options={[
                { value: "corner", label: "in the corner" },
                { value: "centre", label: "in the centre" },
                { value: "bar", label: "as a bar" },
              ]}
              onChange={(place) => onChange({ ...action, place })}
            />
          </>
        )}
      </div>
      {action.type === "popup" && (
        <TemplateField
          label="Heading"
          value={action.heading}
          onChange={(heading) => onChange({ ...action, heading })}
        />
      )}
      <TemplateField
        label="Text"
        isMultiline
        value={action.text}
        onChange={(text) => change({ text })}
      />
      {action.type === "popup" && <PictureField action={action} onChange={onChange} />}
      <ButtonFields action={action} onChange={(button) => change({ button })} />
      <Checkbox
        label="Show a product"
        checked={action.card !== null}
        onChange={(event) => change({ card: event.currentTarget.checked ? FIRST_CARD : null })}
      />
      {action.card !== null && (
        <CardFields
          value={action.card}
          onChange={(card) => change({ card })}
          catalogue={catalogue}
          flaw={flawAt("card")}
        />
      )}
      {action.type === "popup" && (
        <Checkbox
          label="People can answer in it"
          description="Their answer begins a conversation, with the pop-up as its first message."
          checked={action.canAnswer}
          onChange={(event) => onChange({ ...action, canAnswer: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

function PictureField({
  action,
  onChange,
}: {
  action: Extract<Action, { type: "popup" }>;
  onChange(action: Action): void;
}) {
  return (
    <>
      <Checkbox
        label="Show a picture"
        checked={action.imageUrl !== null}
        onChange={(event) =>
          onChange({ ...action, imageUrl: event.currentTarget.checked ? "" : null })
        }
      />
      {action.imageUrl !== null && (
        <div className={styles.nested}>
          <TextInput
            label="Address of the picture"
            placeholder="https://"
            value={action.imageUrl}
            onChange={(event) => onChange({ ...action, imageUrl: event.currentTarget.value })}
          />
        </div>
      )}
    </>
  );
}

function ButtonFields({
  action,
  onChange,
}: {
  action: Spoken;
  onChange(button: Spoken["button"]): void;
}) {
  const { button } = action;
  return (
    <>
      <Checkbox
        label="Show a button"
        checked={button !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? { label: "", url: "" } : null)}
      />
      {button !== null && (
        <div className={styles.nested}>
          <TemplateField
            label="On the button"
            value={button.label}
            onChange={(label) => onChange({ ...button, label })}
          />
          <div className={styles.line}>
            <VerbSelect
              label="What the button does"
              value={button.url === null ? "chat" : "link"}
              options={[
                { value: "link", label: "leads to" },
                { value: "chat", label: "opens the chat" },
              ]}
              onChange={(kind) => onChange({ ...button, url: kind === "chat" ? null : "" })}
            />
            {button.url !== null && (
              <TextInput
                aria-label="Where the button leads"
                className={styles.grow ?? ""}
                placeholder="https:// or /page"
                value={button.url}
                onChange={(event) => onChange({ ...button, url: event.currentTarget.value })}
              />
            )}
          </div>
        </div>
      )}
    </>
  );
}
