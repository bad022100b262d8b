import { useQuery } from "@tanstack/react-query";
import { emailSettingsQuery, settingsQuery } from "../../api/queries.ts";
import { Card, ManagersOnly, Page, PageFailure, PageSkeleton } from "../page.tsx";
import { MailCard } from "./mail-card.tsx";
import { RecordsCard } from "./records-card.tsx";
import { SenderCard } from "./sender-card.tsx";
import { SuppressionsCard } from "./suppressions-card.tsx";

export function EmailPage() {
  const settings = useQuery(settingsQuery);
  const { data, error, refetch } = useQuery(emailSettingsQuery);
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
              words="This installation takes no mails yet. Set a domain for answers below, or ask whoever runs the installation."
            >
              {null}
            </Card>
          ) : (
            <MailCard address={data.mailAddress} />
          )}
          <ManagersOnly />
          <SenderCard
            key={JSON.stringify([
              data.fromName,
              data.from?.address,
              data.reply?.domain,
              data.copyAfterMinutes,
              data.askAfterMinutes,
              data.originalsDays,
            ])}
            saved={data}
            workspaceName={settings.data?.workspace.name ?? ""}
          />
          {(data.from !== null || data.reply !== null) && <RecordsCard settings={data} />}
          <SuppressionsCard />
        </>
      )}
    </Page>
  );
}
