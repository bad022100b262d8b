import { ActionIcon, Button, CopyButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle, IconCheck, IconCircleDashed, IconCopy } from "@tabler/icons-react";
import type { DnsRecord, EmailSettings } from "../../../../protocol/email-api.ts";
import { api } from "../../api/client.ts";
import { wordsFor } from "../../api/failure.ts";
import { emailSettingsQuery } from "../../api/queries.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { fullTime, momentWords } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";
import { flawWords, RECORD_WORDS, valueWords } from "./record-words.ts";
import records from "./records.module.css";

/** What has to stand in DNS for the workspace's own domains, ready to copy, and whether it does. */
export function RecordsCard({ settings }: { settings: EmailSettings }) {
  const { canManage } = useWorkspace();
  const now = useNow(60_000);
  const client = useQueryClient();
  const { from, reply, provider, checkedAt } = settings;
  const check = useMutation({
    mutationFn: api.checkEmailSettings,
    onSuccess: (found) => client.setQueryData(emailSettingsQuery.queryKey, found),
    onError: (error) =>
      notifications.show({
        color: "red",
        title: "The domains were not checked",
        message: wordsFor(error),
      }),
  });
  return (
    <Card
      title="Records in DNS"
      words="Set these where your domain’s DNS is kept. It may take a while until they are seen."
      foot={
        <>
          <span
            className={styles.quiet}
            title={checkedAt === null ? undefined : fullTime(checkedAt, { now })}
          >
            {checkedAt === null ? "Not checked yet" : `Checked ${momentWords(checkedAt, { now })}`}
          </span>
          {canManage && (
            <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
              Check now
            </Button>
          )}
        </>
      }
    >
      {from !== null && (
        <section aria-label={`To send from ${from.address}`}>
          <Heading
            words={`To send from ${from.address}`}
            isUsed={from.isUsed}
            flaw={from.flaw === null ? null : flawWords(from.flaw, provider)}
          />
          <RecordList list={from.records} provider={provider} />
        </section>
      )}
      {reply !== null && (
        <section aria-label={`For answers to ${reply.domain}`}>
          <Heading
            words={`For answers to ${reply.domain}`}
            isUsed={reply.isUsed}
            flaw={
              !reply.isUsed && checkedAt !== null && reply.hasArrived
                ? "Not used yet: the record that shows it is yours is missing."
                : null
            }
            isAwaited={!reply.isUsed && checkedAt !== null && !reply.hasArrived}
          />
          <RecordList list={reply.records} provider={provider} />
          <p className={styles.quiet}>
            {provider === "resend"
              ? "Whoever runs this installation lets Resend receive for the domain. Then write a mail from anywhere to this address, and check:"
              : "Whoever runs this installation switches Email Routing on for the domain, with one rule for every address that sends to the Worker. Then write a mail from anywhere to this address, and check:"}
          </p>
          <div className={records.value}>
            <code>{reply.proofAddress}</code>
            <Copy value={reply.proofAddress} what="the address of proof" />
          </div>
        </section>
      )}
    </Card>
  );
}

function Heading({
  words,
  isUsed,
  flaw,
  isAwaited = false,
}: {
  words: string;
  isUsed: boolean;
  flaw: string | null;
  /** Nothing is wrong: the mail that proves it is still to come. */
  isAwaited?: boolean;
}) {
  return (
    <div className={records.heading}>
      <h3 dir="auto">{words}</h3>
      <span className={styles.tag} data-tone={isUsed ? "good" : undefined}>
        {isUsed ? "In use" : "Not in use"}
      </span>
      {flaw !== null && <p className={styles.bad}>{flaw}</p>}
      {isAwaited && <p className={styles.quiet}>Not used yet: no mail has arrived there.</p>}
    </div>
  );
}

function RecordList({
  list,
  provider,
}: {
  list: DnsRecord[];
  provider: EmailSettings["provider"];
}) {
  return (
    <ul className={records.list}>
      {list.map((record) => (
        <li key={`${record.what} ${record.value ?? ""}`} className={records.record}>
          <State record={record} />
          <div className={records.words}>
            <span>
              {RECORD_WORDS[record.what]}
              {record.isNeeded || record.what === "mx" ? "" : ", good to have"}
            </span>
            <div className={records.value}>
              <span className={records.type}>{record.type}</span>
              <code>{record.name}</code>
              <Copy value={record.name} what={`the name ${record.name}`} />
            </div>
            <div className={records.value}>
              <span className={records.type} />
              {record.value === null ? (
                <span className={styles.quiet}>{valueWords(record, provider)}</span>
              ) : (
                <>
                  <code>{record.value}</code>
                  <Copy value={record.value} what={`the value for ${record.name}`} />
                </>
              )}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function State({ record: { isFound } }: { record: DnsRecord }) {
  if (isFound === true)
    return <IconCheck size={18} className={records.good} aria-label="Found" role="img" />;
  if (isFound === false)
    return (
      <IconAlertTriangle size={18} className={records.missing} aria-label="Missing" role="img" />
    );
  return <IconCircleDashed size={18} aria-label="Not looked up yet" role="img" />;
}

function Copy({ value, what }: { value: string; what: string }) {
  return (
    <CopyButton value={value} timeout={2_000}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={copied ? "Copied" : `Copy ${what}`}
          onClick={copy}
        >
          {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}
