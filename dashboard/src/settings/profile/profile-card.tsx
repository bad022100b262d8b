import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { api } from "../../api/client.ts";
import { colleaguesQuery, meQuery } from "../../api/queries.ts";
import { useStatus } from "../../shell/use-status.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";
import { useSaving } from "../use-saving.ts";

const FORM = "profile-form";

export function ProfileCard() {
  const { operator, email } = useWorkspace();
  const [name, setName] = useState(operator.name);
  const [title, setTitle] = useState(operator.title);
  const { status, setStatus } = useStatus();
  const saving = useSaving({
    save: api.changeProfile,
    keys: [meQuery.queryKey, colleaguesQuery.queryKey],
    what: "Your profile is",
  });
  const isChanged = name.trim() !== operator.name || title.trim() !== operator.title;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() !== "" && isChanged) saving.mutate({ name: name.trim(), title: title.trim() });
  }

  return (
    <Card
      title="About you"
      foot={
        <Button
          type="submit"
          form={FORM}
          disabled={!isChanged || name.trim() === ""}
          loading={saving.isPending}
        >
          Save
        </Button>
      }
    >
      <form id={FORM} onSubmit={submit} className={styles.fields}>
        <div className={styles.pair}>
          <TextInput
            label="Name"
            autoComplete="name"
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={name.trim() === "" ? "Visitors need a name to call you by." : null}
          />
          <TextInput
            label="Title"
            placeholder="Tea advisor"
            autoComplete="organization-title"
            maxLength={80}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        </div>
        <TextInput label="Email" value={email} readOnly description="You sign in with it." />
        <div>
          <SegmentedControl
            aria-label="Status"
            value={status}
            onChange={(value) => setStatus(value === "away" ? "away" : "online")}
            data={[
              { value: "online", label: "Online" },
              { value: "away", label: "Away" },
            ]}
          />
          <p className={styles.quiet} style={{ marginBlockStart: 8 }}>
            {status === "online"
              ? "While the dashboard is open, visitors see that you are here."
              : "Visitors see you as away, even while the dashboard is open."}
          </p>
        </div>
      </form>
    </Card>
  );
}
