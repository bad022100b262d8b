import { useRef, useState } from "react";
import { LoadFailure } from "../page/load-failure.tsx";
import type { ConversationId } from "../../../protocol/ids.ts";
import { useShortcuts } from "../keyboard/use-shortcuts.ts";
import { useStore } from "../live/store.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { nameOf } from "../words/names.ts";
import { Composer, type ComposerHandle } from "./composer.tsx";
import { ConversationHeader } from "./conversation-header.tsx";
import styles from "./conversation-view.module.css";
import { MessageLog } from "./message-log.tsx";
import { useActions } from "./use-actions.ts";
import { useRoom, useSummary } from "./use-conversation.ts";

type Props = { id: ConversationId; isPersonShown: boolean; onTogglePerson(): void };

/** One conversation: header, log, composer. */
export function ConversationView({ id, isPersonShown, onTogglePerson }: Props) {
  const { operator } = useWorkspace();
  const room = useRoom(id);
  const state = useStore(room.state, (value) => value);
  const { summary, error } = useSummary(id);
  const { assign, toggleStatus } = useActions(summary);
  const [isAssigning, setIsAssigning] = useState(false);
  const composer = useRef<ComposerHandle>(null);

  useShortcuts({
    reply: () => composer.current?.focus("message"),
    note: () => composer.current?.focus("note"),
    assign: () => setIsAssigning(true),
    close: toggleStatus,
  });

  const failure = error ?? (state.phase === "failed" ? state.failure : null);
  if (failure !== null && state.log.entries.length === 0) {
    return <LoadFailure what="This conversation" error={failure} onRetry={room.reload} level={1} />;
  }

  const name = summary === null ? "" : nameOf(summary.visitor);
  return (
    <div className={styles.view}>
      <ConversationHeader
        summary={summary}
        isAssigning={isAssigning}
        onAssigning={setIsAssigning}
        onAssign={assign}
        onToggleStatus={toggleStatus}
        isPersonShown={isPersonShown}
        onTogglePerson={onTogglePerson}
      />
      <MessageLog
        conversation={id}
        room={room}
        state={state}
        me={operator}
        visitor={summary?.visitor ?? null}
      />
      <Composer
        key={id}
        ref={composer}
        conversation={id}
        to={name}
        mail={summary?.mail ?? null}
        mailTo={state.mailTo}
        copyAfterMs={state.copyAfterMs}
        contact={summary?.visitor.contact}
        isClosed={summary?.status === "closed"}
        onWrite={room.write}
        onTyping={room.typing}
      />
    </div>
  );
}
