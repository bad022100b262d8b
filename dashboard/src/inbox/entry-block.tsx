import { Button } from "@mantine/core";
import { IconAlertCircle, IconCornerDownRight, IconLock } from "@tabler/icons-react";
import type { VisitorLabel } from "../../../protocol/conversation-frames.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import type { LinkState } from "../live/link.ts";
import { Face } from "../theme/face.tsx";
import type { ConversationId } from "../../../protocol/ids.ts";
import { LinkedText } from "../theme/linked-text.tsx";
import { nameOf } from "../words/names.ts";
import { clockTime, dayWords, fullTime } from "../words/times.ts";
import type { AnswerFate, Block, Bubble, Group } from "./entry-blocks.ts";
import { AcceptMail } from "./accept-mail.tsx";
import { AsideBlock, EmailHead, MailFoot, MailHead } from "./mail-parts.tsx";
import { MailedLine } from "./mailed-line.tsx";
import styles from "./message-log.module.css";
import type { Room } from "./room.ts";
import { SentContent, SentLine } from "./sent-content.tsx";
import { answersWords } from "./sent-words.ts";
import { SystemWords } from "./system-words.tsx";

type Props = {
  conversation: ConversationId;
  block: Block;
  visitor: VisitorLabel | null;
  answer: AnswerFate;
  room: Room;
  now: number;
  link: LinkState;
  me: OperatorCard;
};

/** One block of the log. */
export function EntryBlock({ conversation, block, visitor, answer, room, now, link, me }: Props) {
  switch (block.kind) {
    case "day":
      return (
        <div className={styles.day}>
          <time dateTime={new Date(block.at).toISOString().slice(0, 10)}>
            {dayWords(block.at, { now })}
          </time>
        </div>
      );
    case "unread":
      return (
        <div className={styles.unread}>
          <span>New</span>
        </div>
      );
    case "system":
      return <SystemWords entry={block.entry} visitor={visitor} me={me} now={now} />;
    case "aside":
      return <AsideBlock conversation={conversation} entry={block.entry} now={now} />;
    case "group":
      return (
        <GroupBlock
          conversation={conversation}
          group={block}
          visitor={visitor}
          answer={answer}
          room={room}
          now={now}
          link={link}
        />
      );
  }
}

function GroupBlock({
  conversation,
  group,
  visitor,
  answer,
  room,
  now,
  link,
}: Omit<Props, "block" | "me"> & { group: Group }) {
  const author =
    group.author ??
    (visitor === null
      ? { id: "", name: "Visitor", photo: null }
      : { id: visitor.id, name: nameOf(visitor), photo: null });
  const isSent = group.bubbles[0]?.sent !== undefined;
  const isMine = group.isMine && !isSent;
  const side = group.author === null ? "visitor" : isMine ? "mine" : "team";
  const isNote = group.type === "note";
  const firstAt = group.bubbles[0]?.at ?? now;
  return (
    <div
      className={styles.group}
      data-side={side}
      data-type={group.type}
      role="group"
      aria-label={
        isSent
          ? `Automatic message in ${group.isMine ? "your" : `${author.name}’s`} name`
          : `${isNote ? "Note" : "Message"} from ${isMine ? "you" : author.name}`
      }
    >
      {side !== "mine" && (
        <div className={styles.groupFace}>
          <Face id={author.id} name={author.name} photo={author.photo} size={28} />
        </div>
      )}
      <div className={styles.bubbles}>
        <div className={styles.groupHead}>
          {side !== "mine" && (
            <span className={styles.author} dir="auto" title={author.name}>
              {author.name}
            </span>
          )}
          <time dateTime={new Date(firstAt).toISOString()} title={fullTime(firstAt, { now })}>
            {clockTime(firstAt, { now })}
          </time>
        </div>
        {group.bubbles.map((bubble) => (
          <BubbleBlock
            key={bubble.key}
            conversation={conversation}
            bubble={bubble}
            isNote={isNote}
            room={room}
            now={now}
            link={link}
            answer={answer}
          />
        ))}
        {isNote && (
          <div className={styles.noteWords}>
            <IconLock size={12} aria-hidden="true" />
            Only your team sees this
          </div>
        )}
      </div>
    </div>
  );
}

type BubbleProps = Pick<Props, "conversation" | "room" | "now" | "link" | "answer"> & {
  bubble: Bubble;
  isNote: boolean;
};

function BubbleBlock({ conversation, bubble, isNote, room, now, link, answer }: BubbleProps) {
  const isFailed = bubble.item?.state === "failed";
  const { mail, email, mailed, seq } = bubble;
  return (
    <>
      {mail !== undefined && (
        <MailHead
          mail={mail}
          acceptedBy={bubble.acceptedBy ?? null}
          accept={
            seq !== null && <AcceptMail conversation={conversation} seq={seq} words="Accept" />
          }
        />
      )}
      {email !== undefined && <EmailHead email={email} />}
      {bubble.answers !== undefined && (
        <div className={styles.answers} dir="auto">
          <IconCornerDownRight size={13} aria-hidden="true" />
          {answersWords(bubble.answers)}
        </div>
      )}
      {bubble.sent === undefined ? (
        <div
          className={styles.bubble}
          data-pending={bubble.item !== null && !isFailed}
          data-failed={isFailed}
          dir="auto"
          title={fullTime(bubble.at, { now })}
        >
          <LinkedText text={bubble.text} />
        </div>
      ) : (
        <>
          <SentContent content={bubble.sent.content} />
          <SentLine sent={bubble.sent} />
        </>
      )}
      {mail !== undefined && seq !== null && (
        <MailFoot conversation={conversation} seq={seq} mail={mail} />
      )}
      {mailed !== undefined && <MailedLine conversation={conversation} mailed={mailed} />}
      {bubble.item !== null && <Fate item={bubble.item} room={room} link={link} isNote={isNote} />}
      {seq !== null && seq === answer.seen && mailed === undefined && (
        <div className={styles.fate}>Seen</div>
      )}
      {seq !== null && seq === answer.sent && mailed === undefined && (
        <div className={styles.fate}>Sent</div>
      )}
    </>
  );
}

type FateProps = {
  item: NonNullable<Bubble["item"]>;
  room: Room;
  link: LinkState;
  isNote: boolean;
};

/** What became of something that is not acknowledged yet. */
function Fate({ item, room, link, isNote }: FateProps) {
  const key = `${item.stream}:${item.n}`;
  if (item.state === "failed") {
    return (
      <div className={styles.fate} data-failed role="alert">
        <IconAlertCircle size={14} aria-hidden="true" />
        <span>{isNote ? "Not saved. Your text is kept." : "Not sent. Your text is kept."}</span>
        <Button size="compact-xs" variant="subtle" color="red" onClick={() => room.retry(key)}>
          Try again
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => room.discard(key)}>
          Discard
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.fate} role="status">
      {link === "open" || link === "connecting" ? "Sending" : "Waiting for the connection"}
    </div>
  );
}
