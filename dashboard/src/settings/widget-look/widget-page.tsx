import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "../../api/queries.ts";
import { ManagersOnly, Page, PageFailure, PageSkeleton } from "../page.tsx";
import { WidgetForm } from "./widget-form.tsx";

export function WidgetPage() {
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <Page title="Widget" words="How the chat looks on your site, and what it says first." isWide>
      {data === undefined && error === null && <PageSkeleton />}
      {data === undefined && error !== null && (
        <PageFailure error={error} retry={() => void refetch()} />
      )}
      {data !== undefined && (
        <>
          <ManagersOnly />
          <WidgetForm key={JSON.stringify(data.widget)} saved={data.widget} />
        </>
      )}
    </Page>
  );
}
