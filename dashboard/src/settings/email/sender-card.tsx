import { Button, Select, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { EmailSettings } from "../../../../protocol/email-api.ts";
import { api } from "../../api/client.ts";
import { emailSettingsQuery } from "../../api/queries.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { duration } from "../../words/times.ts";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";
import { useSaving } from "../use-saving.ts";
import { readSender } from "./sender-fields.ts";

const FORM = "sender-form";

const WAITS = [0, 1, 5, 15, 60, 240, 1_440];
const ASKS = [0, 1, 2, 5, 15, 60];
const NEVER = "never";

/** When a chat may ask, with what is held. */
function asks(held: number | null) {
  const minutes = held === null ? ASKS : [...new Set([...ASKS, held])].toSorted((a, b) => a - b);
  return [
    ...minutes.map((one) => ({
      value: String(one),
      label: one === 0 ? "At once" : `After ${duration(one * 60_000)}`,
    })),
    { value: NEVER, label: "Never" },
  ];
}

/** What can be chosen, with what is held. */
function waits(held: number) {
  return [...new Set([...WAITS, held])]
    .toSorted((a, b) => a - b)
    .map((minutes) => ({
      value: String(minutes),
      label: minutes === 0 ? "Never" : `After ${duration(minutes * 60_000)}`,
    }));
}

const KEPT_DAYS = [0, 30, 90, 365];

/** How long mails may be kept, with what is held. */
function keptFor(held: number) {
  return [...new Set([...KEPT_DAYS, held])]
    .toSorted((a, b) => a - b)
    .map((days) => ({
      value: String(days),
      label: days === 0 ? "As long as the conversation" : `${days} days`,
    }));
}

/** Whose name and address stand on mails, and where their answers come in. */
export function SenderCard({
  saved,
  workspaceName,
}: {
  saved: EmailSettings;
  workspaceName: string;
}) {
  const { canManage, operator } = useWorkspace();
  const held = {
    fromName: saved.fromName ?? "",
    fromAddress: saved.from?.address ?? "",
    replyDomain: saved.reply?.domain ?? "",
    copyAfterMinutes: saved.copyAfterMinutes,
    askAfterMinutes: saved.askAfterMinutes,
    originalsDays: saved.originalsDays,
  };
  const [typed, setTyped] = useState(held);
  const saving = useSaving({
    save: api.changeEmailSettings,
    keys: [emailSettingsQuery.queryKey],
    what: "These settings are",
  });
  const read = readSender(typed);
  const isChanged = JSON.stringify(typed) !== JSON.stringify(held);
  const field = (name: "fromName" | "fromAddress" | "replyDomain") => ({
    value: typed[name],
    disabled: !canManage,
    autoComplete: "off",
    spellCheck: false,
    error: isChanged && !read.ok && read.field === name ? read.words : null,
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      setTyped({ ...typed, [name]: event.currentTarget.value }),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (read.ok) saving.mutate(read.sender);
  }

  const shown = `${operator.name} (${typed.fromName.trim() || workspaceName})`;
  const isOwnUsed = saved.from?.isUsed === true && typed.fromAddress === held.fromAddress;
  return (
    <Card
      title="Sending and keeping"
      words={
        <>
          Your customers see{" "}
          <strong dir="auto">
            {shown} &lt;{isOwnUsed ? typed.fromAddress : saved.platformFrom}&gt;
          </strong>
        </>
      }
      foot={
        canManage && (
          <Button
            type="submit"
            form={FORM}
            disabled={!isChanged || !read.ok}
            loading={saving.isPending}
          >
            Save
          </Button>
        )
      }
    >
      <form id={FORM} className={styles.fields} onSubmit={submit}>
        <TextInput
          label="Name"
          description="Stands in brackets behind the name of whoever answers."
          placeholder={workspaceName}
          {...field("fromName")}
        />
        <TextInput
          label="Address"
          description="Your own, such as hello@example.com. Used once its domain is verified; until then mails come from the installation’s address."
          placeholder={saved.platformFrom}
          inputMode="email"
          {...field("fromAddress")}
        />
        <TextInput
          label="Domain for answers"
          description="A subdomain that is used for nothing else, such as reply.example.com: every mail to it comes here."
          placeholder="reply.example.com"
          inputMode="url"
          {...field("replyDomain")}
        />
        <Select
          label="Answers that are not read in the chat"
          description="Go out as a mail to people whose address is known to be theirs: at once if they are not on your site, else after this time."
          allowDeselect={false}
          disabled={!canManage}
          data={waits(typed.copyAfterMinutes)}
          value={String(typed.copyAfterMinutes)}
          onChange={(minutes) =>
            minutes !== null && setTyped({ ...typed, copyAfterMinutes: Number(minutes) })
          }
        />
        <Select
          label="Asking for an email in the chat"
          description="When nobody has answered for this time, and at once while no colleague is online. What they do not read in the chat goes there: one mail a day until it is verified."
          allowDeselect={false}
          disabled={!canManage || typed.copyAfterMinutes === 0}
          data={asks(typed.askAfterMinutes)}
          value={typed.askAfterMinutes === null ? NEVER : String(typed.askAfterMinutes)}
          onChange={(minutes) =>
            minutes !== null &&
            setTyped({ ...typed, askAfterMinutes: minutes === NEVER ? null : Number(minutes) })
          }
        />
        <Select
          label="Mails as they came"
          description="Kept this long, with their attachments. Their text stays in the conversation."
          allowDeselect={false}
          disabled={!canManage}
          data={keptFor(typed.originalsDays)}
          value={String(typed.originalsDays)}
          onChange={(days) => days !== null && setTyped({ ...typed, originalsDays: Number(days) })}
        />
      </form>
    </Card>
  );
}
