import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api } from "../../api/client.ts";
import { wordsFor } from "../../api/failure.ts";
import { colleaguesQuery } from "../../api/queries.ts";
import { parseEmails } from "../../words/addresses.ts";
import { count } from "../../words/names.ts";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";
import { ROLE_WORDS } from "./roles.ts";

const FORM = "invite-form";

/** Invites one or many. What could not be invited stays in the field, with the reason. */
export function InviteCard() {
  const [text, setText] = useState("");
  const [role, setRole] = useState<"agent" | "admin">("agent");
  const [refusal, setRefusal] = useState<string | null>(null);
  const client = useQueryClient();
  const { emails, rest } = parseEmails(text);

  const invite = useMutation({
    mutationFn: async () => {
      const failed: { email: string; error: unknown }[] = [];
      for (const email of emails) {
        await api.invite(email, role).catch((error: unknown) => failed.push({ email, error }));
      }
      return failed;
    },
    onSuccess: async (failed) => {
      await client.invalidateQueries({ queryKey: colleaguesQuery.queryKey });
      const sent = emails.length - failed.length;
      if (sent > 0) notifications.show({ message: `${count(sent, "invitation")} on the way.` });
      setText(failed.map(({ email }) => email).join("\n"));
      setRefusal(
        failed[0] === undefined
          ? null
          : `Not invited: ${failed.map(({ email }) => email).join(", ")}. ${wordsFor(failed[0].error)}`,
      );
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (rest.length > 0) setRefusal(`Not an email address: ${rest.join(", ")}`);
    else if (emails.length > 0) invite.mutate();
  }

  return (
    <Card
      title="Invite"
      foot={
        <Button type="submit" form={FORM} loading={invite.isPending} disabled={text.trim() === ""}>
          {emails.length > 1 ? `Invite ${emails.length} people` : "Invite"}
        </Button>
      }
    >
      <form id={FORM} onSubmit={submit} className={styles.fields}>
        <Textarea
          label="Email addresses"
          description="One or several, with commas or on lines of their own."
          placeholder="mia@example.com, sam@example.com"
          autosize
          minRows={1}
          maxRows={6}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setRefusal(null);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey))
              event.currentTarget.form?.requestSubmit();
          }}
          error={refusal}
        />
        <div>
          <SegmentedControl
            aria-label="Role"
            value={role}
            onChange={(value) => setRole(value === "admin" ? "admin" : "agent")}
            data={[
              { value: "agent", label: "Agent" },
              { value: "admin", label: "Admin" },
            ]}
          />
          <p className={styles.quiet} style={{ marginBlockStart: 8 }}>
            {ROLE_WORDS[role]}.
          </p>
        </div>
      </form>
    </Card>
  );
}
