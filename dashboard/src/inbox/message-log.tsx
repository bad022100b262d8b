import { Button, Loader } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowDown } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { VisitorLabel } from "../../../protocol/conversation-frames.ts";
import type { ConversationId } from "../../../protocol/ids.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import { wordsFor } from "../api/failure.ts";
import { useStore } from "../live/store.ts";
import { count, nameOf } from "../words/names.ts";
import { useNow } from "../words/use-now.ts";
import { answerFate, blocksOf } from "./entry-blocks.ts";
import { EntryBlock } from "./entry-block.tsx";
import styles from "./message-log.module.css";
import type { Room } from "./room.ts";
import type { RoomState } from "./room-state.ts";
import { createScrollKeeper } from "./scroll-keeper.ts";
import { TypingLine } from "./typing-line.tsx";

type Props = {
  conversation: ConversationId;
  room: Room;
  state: RoomState;
  me: OperatorCard;
  visitor: VisitorLabel | null;
};

/** The log: stays at its end while the reader is there, and in its place while older entries come in above. */
export function MessageLog({ conversation, room, state, me, visitor }: Props) {
  const now = useNow(20_000);
  const { log, outbox, dividerAfter, marks, phase, typing } = state;
  const blocks = useMemo(
    () => blocksOf(log.entries, outbox, me, dividerAfter, {}),
    [log.entries, outbox, me, dividerAfter],
  );
  const answer = answerFate(log.entries, marks?.visitor ?? 0);
  const [{ attach, toEnd, state: scroll }] = useState(() =>
    createScrollKeeper(room, (error) => {
      notifications.show({
        color: "red",
        message: `Older messages could not be loaded. ${wordsFor(error)}`,
      });
    }),
  );
  const { isAtEnd, seenThrough, isLoadingOlder } = useStore(scroll, (value) => value);
  const unseen = isAtEnd
    ? 0
    : log.entries.filter((entry) => entry.seq > seenThrough && entry.type === "message").length;

  const isEmpty = phase === "ready" && blocks.length === 0;
  const name = visitor === null ? "" : nameOf(visitor);
  return (
    <div className={styles.frame}>
      <div
        className={styles.scroller}
        ref={attach}
        // A region that scrolls must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="log"
        aria-label="Messages"
        aria-busy={phase === "loading"}
      >
        <div className={styles.column}>
          {phase === "loading" && log.entries.length === 0 && <LogSkeleton />}
          {log.hasOlder && (
            <div className={styles.older}>
              {isLoadingOlder && (
                <Loader size="xs" color="gray" aria-label="Loading older messages" />
              )}
            </div>
          )}
          {isEmpty && (
            <p className={styles.empty}>
              Nothing is written yet. What you write appears in {name === "" ? "the visitor" : name}
              ’s chat.
            </p>
          )}
          {blocks.map((block) => (
            <EntryBlock
              key={block.key}
              conversation={conversation}
              block={block}
              visitor={visitor}
              answer={answer}
              room={room}
              now={now}
              link={state.link}
              me={me}
            />
          ))}
          <TypingLine typing={typing} visitor={visitor} />
        </div>
      </div>
      {!isAtEnd && (
        <Button
          className={styles.pill}
          size="compact-sm"
          radius="xl"
          variant={unseen > 0 ? "filled" : "default"}
          leftSection={<IconArrowDown size={14} aria-hidden="true" />}
          onClick={toEnd}
        >
          {unseen > 0 ? count(unseen, "new message") : "To the newest"}
        </Button>
      )}
    </div>
  );
}

function LogSkeleton() {
  return (
    <div className={styles.skeletons} role="status" aria-label="Loading messages">
      {[52, 38, 64, 30].map((width, index) => (
        <span
          key={width}
          className={styles.skeleton}
          data-side={index % 2 === 0 ? "start" : "end"}
          style={{ inlineSize: `${width}%` }}
        />
      ))}
    </div>
  );
}
