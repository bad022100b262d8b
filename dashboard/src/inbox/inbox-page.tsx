import { Drawer } from "@mantine/core";
import { useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { IconMessages } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { isId, type ConversationId } from "../../../protocol/ids.ts";
import { useShortcuts } from "../keyboard/use-shortcuts.ts";
import { prefer, usePreference } from "../preferences.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { useNarrow, useWide } from "../theme/use-narrow.ts";
import { ConversationList } from "./conversation-list.tsx";
import { ConversationView } from "./conversation-view.tsx";
import styles from "./inbox-page.module.css";
import { useLooking } from "./use-looking.ts";

const ConversationPerson = lazy(() => import("./conversation-person.tsx"));

/** List, conversation and person: beside each other where there is room, one at a time on phones. */
export function InboxPage() {
  const { conversation: named } = useParams({ strict: false });
  const conversation = isId("cnv", named) ? named : null;
  const isPersonRoute = useRouterState({
    select: (state) => state.location.pathname.endsWith("/person"),
  });
  const { workspace } = useWorkspace();
  const isNarrow = useNarrow();
  const isWide = useWide();
  const isPaneWanted = usePreference("personPane");
  const [drawerFor, setDrawerFor] = useState<ConversationId | null>(null);
  const navigate = useNavigate();
  useLooking(conversation);
  const isDrawerOpen = drawerFor !== null && drawerFor === conversation;

  const isPersonShown = isNarrow ? isPersonRoute : isWide ? isPaneWanted : isDrawerOpen;
  function togglePerson(): void {
    if (isNarrow && conversation !== null) {
      void navigate({ to: "/inbox/$conversation/person", params: { conversation }, search: true });
    } else if (isWide) prefer({ personPane: !isPaneWanted });
    else setDrawerFor(isDrawerOpen ? null : conversation);
  }
  useShortcuts({
    leave: () => {
      if (conversation === null || !isNarrow) return false;
      void navigate({ to: "/inbox", search: true });
      return true;
    },
  });

  const person = conversation !== null && (
    <Suspense>
      <ConversationPerson key={conversation} conversation={conversation} isPage={isNarrow} />
    </Suspense>
  );

  return (
    <div className={styles.inbox} key={workspace.id}>
      {(!isNarrow || conversation === null) && (
        <section className={styles.list} aria-label="Conversations">
          <ConversationList selected={conversation} />
        </section>
      )}
      {(!isNarrow || (conversation !== null && !isPersonRoute)) && (
        <section className={styles.conversation} aria-label="Conversation">
          {conversation === null ? (
            <EmptyState
              icon={<IconMessages size={24} />}
              title={
                named === undefined ? "No conversation is open" : "There is no such conversation"
              }
              words="Choose one from the list. With J and K you move through it, with Enter you open."
            />
          ) : (
            <ConversationView
              key={conversation}
              id={conversation}
              isPersonShown={isPersonShown}
              onTogglePerson={togglePerson}
            />
          )}
        </section>
      )}
      {conversation !== null && isNarrow && isPersonRoute && (
        <div className={styles.page}>{person}</div>
      )}
      {conversation !== null && isWide && isPaneWanted && (
        <aside className={styles.person} aria-label="Person">
          {person}
        </aside>
      )}
      {!isNarrow && !isWide && (
        <Drawer
          opened={isDrawerOpen}
          onClose={() => setDrawerFor(null)}
          position="right"
          size={360}
          title="Person"
          overlayProps={{ backgroundOpacity: 0.2 }}
          closeButtonProps={{ "aria-label": "Close" }}
          classNames={{ body: styles.drawer ?? "" }}
        >
          {person}
        </Drawer>
      )}
    </div>
  );
}
