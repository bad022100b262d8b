import { useQuery } from "@tanstack/react-query";
import { identityQuery } from "../../api/queries.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { ManagersOnly, Page, PageFailure, PageSkeleton } from "../page.tsx";
import { CodeCard } from "./code-card.tsx";
import { KeysCard } from "./keys-card.tsx";
import { ModeCard } from "./mode-card.tsx";
import { ShareCard } from "./share-card.tsx";

/** How people prove to be who they are, so that they see their own messages on every device and nobody else does. */
export function IdentityPage() {
  const { canManage } = useWorkspace();
  const { data, error, refetch } = useQuery({ ...identityQuery, enabled: canManage });
  return (
    <Page
      title="Identity"
      words="Your server says who somebody is. Then they have their conversation on every device, and nobody else does."
    >
      <ManagersOnly />
      {canManage && data === undefined && error === null && <PageSkeleton />}
      {canManage && data === undefined && error !== null && (
        <PageFailure error={error} retry={() => void refetch()} />
      )}
      {canManage && data !== undefined && (
        <>
          <ShareCard sessions={data.sessions} />
          <KeysCard keys={data.keys} />
          <CodeCard settings={data} />
          <ModeCard mode={data.mode} />
        </>
      )}
    </Page>
  );
}
