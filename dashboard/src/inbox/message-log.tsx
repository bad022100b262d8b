import { Button, Loader } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowDown } from "@tabler/icons-react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { VisitorLabel } from "../../../protocol/conversation-frames.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import { wordsFor } from "../api/failure.ts";
import { count, nameOf } from "../words/names.ts";
import { useNow } from "../words/use-now.ts";
import { blocksOf, lastAnswer } from "./entry-blocks.ts";
import { EntryBlock } from "./entry-block.tsx";
import styles from "./message-log.module.css";
import type { Room } from "./room.ts";
import type { RoomState } from "./room-state.ts";
import { TypingLine } from "./typing-line.tsx";

type Props = { room: Room; state: RoomState; me: OperatorCard; visitor: VisitorLabel | null };

/** Closer to the end than this, the reader is at the end. */
const AT_END_PX = 48;
const OLDER_FROM_PX = 240;

/** The log: stays at its end while the reader is there, and in its place while older entries come in above. */
export function MessageLog({ room, state, me, visitor }: Props) {
  const now = useNow(20_000);
  const { log, outbox, dividerAfter, marks, phase, typing } = state;
  const day = new Date(now).toDateString();
  const blocks = useMemo(
    // A new day changes the words of the separators, so the memory is kept per day.
    () => blocksOf(log.entries, outbox, me, dividerAfter, { now: new Date(day).getTime() }),
    [log.entries, outbox, me, dividerAfter, day],
  );
  const answer = lastAnswer(log.entries, marks?.visitor ?? 0);
  const scroller = useRef<HTMLDivElement>(null);
  const { isAtEnd, unseen, toEnd, isLoadingOlder } = useScrolling(scroller, room, state);

  useEffect(() => {
    const read = (): void => {
      if (isAtEnd && document.visibilityState === "visible") room.read();
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [room, isAtEnd, log, marks, state.link]);

  const isEmpty = phase === "ready" && blocks.length === 0;
  const name = visitor === null ? "" : nameOf(visitor);
  return (
    <div className={styles.frame}>
      <div
        className={styles.scroller}
        ref={scroller}
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

function useScrolling(
  scroller: React.RefObject<HTMLDivElement | null>,
  room: Room,
  state: RoomState,
) {
  const [isAtEnd, setIsAtEnd] = useState(true);
  const [seenThrough, setSeenThrough] = useState(0);
  const [isLoadingOlder, setIsLoadingOlder] = useState(false);
  const wasAtEnd = useRef(true);
  const held = useRef<{ first: number; height: number; top: number } | null>(null);
  const { log, outbox, typing } = state;
  const first = log.entries[0]?.seq ?? 0;
  const last = log.entries.at(-1)?.seq ?? 0;

  const toEnd = (): void => {
    const element = scroller.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const before = held.current;
    if (before !== null && first < before.first)
      element.scrollTop = before.top + element.scrollHeight - before.height;
    else if (wasAtEnd.current) element.scrollTop = element.scrollHeight;
    held.current = { first, height: element.scrollHeight, top: element.scrollTop };
  }, [first, last, outbox.length, typing.length, scroller]);

  const ownLast = outbox.at(-1)?.writtenAt;
  useLayoutEffect(() => {
    if (ownLast !== undefined && Date.now() - ownLast < 1_000) toEnd();
  }, [ownLast]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let isBusy = false;
    const onScroll = (): void => {
      const isEnd = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX;
      wasAtEnd.current = isEnd;
      setIsAtEnd(isEnd);
      const log = room.state.get().log;
      held.current = {
        first: log.entries[0]?.seq ?? 0,
        height: element.scrollHeight,
        top: element.scrollTop,
      };
      if (element.scrollTop > OLDER_FROM_PX || !log.hasOlder || isBusy) return;
      isBusy = true;
      setIsLoadingOlder(true);
      room
        .loadOlder()
        .catch((error: unknown) => {
          notifications.show({
            color: "red",
            message: `Older messages could not be loaded. ${wordsFor(error)}`,
          });
        })
        .finally(() => {
          isBusy = false;
          setIsLoadingOlder(false);
        });
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    const observer = new ResizeObserver(() => {
      if (wasAtEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, [scroller, room]);

  useEffect(() => {
    if (isAtEnd) setSeenThrough(last);
  }, [isAtEnd, last]);

  const unseen = isAtEnd
    ? 0
    : log.entries.filter((entry) => entry.seq > seenThrough && entry.type === "message").length;
  return { isAtEnd, unseen, toEnd, isLoadingOlder };
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
