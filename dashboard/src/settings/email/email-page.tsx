import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "../../api/queries.ts";
import { Card, Page, PageFailure, PageSkeleton } from "../page.tsx";
import { MailCard } from "./mail-card.tsx";
import { SuppressionsCard } from "./suppressions-card.tsx";

export function EmailPage() {
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <Page title="Email" words="Whoever writes a mail gets an answer by mail, in one conversation.">
      {data === undefined && error === null && <PageSkeleton />}
      {data === undefined && error !== null && (
        <PageFailure error={error} retry={() => void refetch()} />
      )}
      {data !== undefined && (
        <>
          {data.mailAddress === null ? (
            <Card
              title="Your mails"
              words="This installation takes no mails yet. Whoever runs it sets a domain for them: docs/email.md says how."
            >
              {null}
            </Card>
          ) : (
            <MailCard address={data.mailAddress} />
          )}
          <SuppressionsCard />
        </>
      )}
    </Page>
  );
}
