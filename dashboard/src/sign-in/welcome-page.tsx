import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useEffect, useState, type FormEvent } from "react";
import type { PendingInvitation } from "../../../protocol/operator-api.ts";
import { api } from "../api/client.ts";
import { codeOf, wordsFor } from "../api/failure.ts";
import { meQuery } from "../api/queries.ts";
import { operatorChanged } from "../api/acting-operator.ts";
import { markTab } from "../attention/tab-mark.ts";
import { siteOrigin } from "../words/addresses.ts";
import { Entrance } from "./entrance.tsx";
import { leave } from "./leave.ts";
import styles from "./entrance.module.css";

/** The first steps: accepting an invitation, or a workspace of one's own. */
export function WelcomePage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const [name, setName] = useState(me.operator?.name ?? "");
  const client = useQueryClient();
  const router = useRouter();
  useEffect(() => markTab("Welcome", 0), []);

  async function enter(): Promise<void> {
    operatorChanged();
    client.clear();
    await router.navigate({ to: "/inbox" });
  }

  const hasInvitations = me.invitations.length > 0;
  return (
    <Entrance
      title={hasInvitations ? "You are invited" : "Create your workspace"}
      words={
        hasInvitations
          ? "Say how visitors should see you, then join your colleagues."
          : "A workspace is one company: its site, its people and their conversations."
      }
      foot={
        <>
          Signed in as {me.email}.{" "}
          {me.workspace !== null && <Link to="/inbox">Back to {me.workspace.name}</Link>}{" "}
          <Button
            variant="subtle"
            size="compact-xs"
            color="gray"
            onClick={() => void leave(client, router)}
          >
            Sign out
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <TextInput
          label="Your name"
          description="Visitors see it beside your answers."
          name="name"
          autoComplete="name"
          size="md"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {hasInvitations && (
          <div>
            {me.invitations.map((invitation) => (
              <Invitation key={invitation.id} invitation={invitation} name={name} onDone={enter} />
            ))}
          </div>
        )}
      </div>
      {hasInvitations && <div className={styles.rule}>or start your own</div>}
      {!hasInvitations && <div style={{ blockSize: 16 }} />}
      <WorkspaceForm operatorName={name} isSecondary={hasInvitations} onDone={enter} />
    </Entrance>
  );
}

function Invitation({
  invitation,
  name,
  onDone,
}: {
  invitation: PendingInvitation;
  name: string;
  onDone(): Promise<void>;
}) {
  const accept = useMutation({
    mutationFn: () => api.acceptInvitation(invitation.id, name.trim()).then(onDone),
  });
  return (
    <div className={styles.invitation}>
      <div className={styles.invitationWords}>
        <strong title={invitation.workspaceName}>{invitation.workspaceName}</strong>
        <span>{accept.isError ? wordsFor(accept.error) : `From ${invitation.inviterName}`}</span>
      </div>
      <Button
        disabled={name.trim() === ""}
        loading={accept.isPending}
        onClick={() => accept.mutate()}
      >
        Join
      </Button>
    </div>
  );
}

type WorkspaceFormProps = { operatorName: string; isSecondary: boolean; onDone(): Promise<void> };

function WorkspaceForm({ operatorName, isSecondary, onDone }: WorkspaceFormProps) {
  const [name, setName] = useState("");
  const [site, setSite] = useState("");
  const [isTried, setIsTried] = useState(false);
  const origin = siteOrigin(site);
  const create = useMutation({
    mutationFn: () =>
      api
        .createWorkspace({
          name: name.trim(),
          site: origin ?? "",
          operatorName: operatorName.trim(),
        })
        .then(onDone),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    setIsTried(true);
    if (name.trim() !== "" && origin !== null && operatorName.trim() !== "") create.mutate();
  }

  const siteError =
    codeOf(create.error) === "invalid" ? "Parley cannot be used on this address." : null;
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextInput
        label="Company"
        name="organization"
        autoComplete="organization"
        size="md"
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={isTried && name.trim() === "" ? "Type the company's name." : null}
      />
      <TextInput
        label="Site"
        description="Where the chat will be. You can add more later."
        name="url"
        autoComplete="url"
        inputMode="url"
        placeholder="https://example.com"
        size="md"
        value={site}
        onChange={(event) => setSite(event.currentTarget.value)}
        error={
          isTried && origin === null ? "Type an address such as https://example.com." : siteError
        }
      />
      {isTried && operatorName.trim() === "" && (
        <p role="alert" style={{ margin: 0, color: "var(--bad)" }}>
          Type your name, too.
        </p>
      )}
      {create.isError && siteError === null && (
        <p role="alert" style={{ margin: 0, color: "var(--bad)" }}>
          {wordsFor(create.error)}
        </p>
      )}
      <Button
        type="submit"
        size="md"
        variant={isSecondary ? "default" : "filled"}
        loading={create.isPending}
      >
        Create workspace
      </Button>
    </form>
  );
}
