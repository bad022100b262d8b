import { VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconClock, IconMail } from "@tabler/icons-react";
import { memo } from "react";
import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import type { OperatorId } from "../../../protocol/ids.ts";
import type { OnlineOperator } from "../../../protocol/inbox-frames.ts";
import { Face } from "../theme/face.tsx";
import { count, nameOf } from "../words/names.ts";
import { duration, fullTime, relativeTime, roughDuration } from "../words/times.ts";
import styles from "./conversation-list.module.css";
import { LONG_WAIT_MS } from "./summaries.ts";

type Props = {
  summary: ConversationSummary;
  isSelected: boolean;
  isMine: boolean;
  lookers: readonly OnlineOperator[];
  now: number;
  me: OperatorId;
};

/** One conversation in the list: 64 pixels that say who, what, since when, and whether somebody waits. */
export const ConversationRow = memo(function ConversationRow({
  summary,
  isSelected,
  isMine,
  lookers,
  now,
  me,
}: Props) {
  const name = nameOf(summary.visitor);
  const isUnread = summary.unread > 0;
  const waitedMs = summary.waitingSince === null ? null : now - summary.waitingSince;
  return (
    <li className={styles.item}>
      <Link
        to="/inbox/$conversation"
        params={{ conversation: summary.id }}
        search={true}
        className={styles.row}
        data-row=""
        data-selected={isSelected}
        data-unread={isUnread}
      >
        <Face id={summary.visitor.id} name={name} />
        <span className={styles.body}>
          <span className={styles.line}>
            <span className={styles.name} dir="auto" title={name}>
              {name}
            </span>
            <time
              className={styles.time}
              dateTime={new Date(summary.lastAt).toISOString()}
              title={fullTime(summary.lastAt, { now })}
            >
              {relativeTime(summary.lastAt, { now })}
            </time>
          </span>
          <span className={styles.line}>
            <span className={styles.last} dir="auto">
              {lastWords(summary, me)}
            </span>
            <span className={styles.marks}>
              {summary.mail !== undefined && (
                <span className={styles.byMail} title={`By email: ${summary.mail.subject}`}>
                  <IconMail size={14} aria-hidden="true" />
                  <VisuallyHidden>by email </VisuallyHidden>
                </span>
              )}
              {lookers.length > 0 && <Lookers lookers={lookers} />}
              {summary.status === "open" && waitedMs !== null && waitedMs >= 60_000 && (
                <span
                  className={styles.waiting}
                  data-long={waitedMs >= LONG_WAIT_MS}
                  title={`Waiting for an answer for ${duration(waitedMs)}`}
                >
                  <IconClock size={12} aria-hidden="true" />
                  <VisuallyHidden>waiting </VisuallyHidden>
                  {roughDuration(waitedMs)}
                </span>
              )}
              {summary.assignee !== null && (
                <span title={isMine ? "Assigned to you" : `Assigned to ${summary.assignee.name}`}>
                  <VisuallyHidden>
                    {isMine ? "assigned to you" : `assigned to ${summary.assignee.name}`}
                  </VisuallyHidden>
                  <Face
                    id={summary.assignee.id}
                    name={summary.assignee.name}
                    photo={summary.assignee.photo}
                    size={20}
                  />
                </span>
              )}
              {isUnread && (
                <>
                  <span className={styles.dot} />
                  <VisuallyHidden>{count(summary.unread, "unread message")}</VisuallyHidden>
                </>
              )}
            </span>
          </span>
        </span>
      </Link>
    </li>
  );
});

function lastWords(summary: ConversationSummary, me: OperatorId): string {
  const { last } = summary;
  if (last === null) return "Nothing written yet";
  const text = last.text.replace(/\s+/gu, " ");
  if (last.author.kind === "visitor") return text;
  return last.author.id === me ? `You: ${text}` : `${last.author.name.split(" ")[0]}: ${text}`;
}

function Lookers({ lookers }: { lookers: readonly OnlineOperator[] }) {
  const names = lookers.map((each) => each.name).join(", ");
  const words = lookers.length === 1 ? `${names} looks at this` : `${names} look at this`;
  return (
    <span className={styles.lookers} title={words}>
      <VisuallyHidden>{words}</VisuallyHidden>
      {lookers.slice(0, 2).map((each) => (
        <span key={each.id} className={styles.looker}>
          <Face id={each.id} name={each.name} photo={each.photo} size={16} />
        </span>
      ))}
    </span>
  );
}
