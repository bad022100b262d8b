import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "../../api/queries.ts";
import { ManagersOnly, Page, PageFailure, PageSkeleton } from "../page.tsx";
import { OriginsCard } from "./origins-card.tsx";
import { SnippetCard } from "./snippet-card.tsx";

export function InstallPage() {
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <Page title="Install" words="One line on your pages, and the chat is there.">
      {data === undefined && error === null && <PageSkeleton />}
      {data === undefined && error !== null && (
        <PageFailure error={error} retry={() => void refetch()} />
      )}
      {data !== undefined && (
        <>
          <SnippetCard widgetOrigin={data.widgetOrigin} siteKey={data.workspace.siteKey} />
          <ManagersOnly />
          <OriginsCard origins={data.origins} />
        </>
      )}
    </Page>
  );
}
