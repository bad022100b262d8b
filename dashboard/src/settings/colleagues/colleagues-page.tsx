import { useQuery } from "@tanstack/react-query";
import { colleaguesQuery } from "../../api/queries.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { count } from "../../words/names.ts";
import { Card, Page, PageFailure, PageSkeleton } from "../page.tsx";
import styles from "../settings.module.css";
import { ColleagueItem } from "./colleague-item.tsx";
import { InvitationItem } from "./invitation-item.tsx";
import { InviteCard } from "./invite-card.tsx";

export function ColleaguesPage() {
  const { canManage } = useWorkspace();
  const { data, error, refetch } = useQuery(colleaguesQuery);
  return (
    <Page title="Colleagues" words="Invite as many as you like. Everybody sees every conversation.">
      {data === undefined && error === null && <PageSkeleton />}
      {data === undefined && error !== null && (
        <PageFailure error={error} retry={() => void refetch()} />
      )}
      {data !== undefined && (
        <>
          {canManage && <InviteCard />}
          {data.invitations.length > 0 && (
            <Card
              title="Invited"
              words={`${count(data.invitations.length, "invitation")} not accepted yet.`}
            >
              <ul className={styles.list}>
                {data.invitations.map((invitation) => (
                  <InvitationItem key={invitation.id} invitation={invitation} />
                ))}
              </ul>
            </Card>
          )}
          <Card title="In this workspace" words={count(data.operators.length, "person", "people")}>
            <ul className={styles.list}>
              {data.operators.map((operator) => (
                <ColleagueItem key={operator.id} colleague={operator} />
              ))}
            </ul>
          </Card>
        </>
      )}
    </Page>
  );
}
