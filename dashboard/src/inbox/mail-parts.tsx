import { UnstyledButton } from "@mantine/core";
import {
  IconAlertTriangle,
  IconDots,
  IconDownload,
  IconLock,
  IconMail,
  IconPaperclip,
} from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { AsideEntry, ChosenEmail, ReceivedMail } from "../../../protocol/entries.ts";
import type { ConversationId } from "../../../protocol/ids.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import { LinkedText } from "../theme/linked-text.tsx";
import { clockTime, fullTime } from "../words/times.ts";
import { asideWords, doubtWords, sizeWords } from "./mail-words.ts";
import { FileLink } from "./file-link.tsx";
import { AcceptMail } from "./accept-mail.tsx";
import { MailPage } from "./mail-page.tsx";
import styles from "./mail-parts.module.css";

type HeadProps = {
  mail: ReceivedMail;
  /** Who took it as the person's, although nobody vouches for it. */
  acceptedBy?: OperatorCard | null;
  accept?: ReactNode;
};

/** Over a message that came by email: its subject, and what speaks against its sender. */
export function MailHead({ mail, acceptedBy = null, accept }: HeadProps) {
  const doubt = doubtWords(mail);
  return (
    <div className={styles.head}>
      <span className={styles.subject}>
        <IconMail size={13} aria-label="By email" />
        <span dir="auto">{mail.subject === "" ? "(no subject)" : mail.subject}</span>
      </span>
      {doubt !== null && acceptedBy === null && (
        <span className={styles.doubt}>
          <IconAlertTriangle size={13} aria-hidden="true" />
          {doubt}
          {accept}
        </span>
      )}
      {doubt !== null && acceptedBy !== null && (
        <span className={styles.subject}>
          From {mail.from === "" ? "somebody unknown" : mail.from}, not verified. Accepted by{" "}
          {acceptedBy.name}.
        </span>
      )}
    </div>
  );
}

/** Over a message that an operator chose to send by email: its subject, and to whom. */
export function EmailHead({ email }: { email: ChosenEmail }) {
  return (
    <div className={styles.head}>
      <span className={styles.subject} title={`By email to ${email.to}`}>
        <IconMail size={13} aria-label={`By email to ${email.to}`} />
        <span dir="auto">{email.subject}</span>
      </span>
    </div>
  );
}

type FootProps = { conversation: ConversationId; seq: number; mail: ReceivedMail };

/** Under it: the history that was folded away, the files, and the mail as it came. */
export function MailFoot({ conversation, seq, mail }: FootProps) {
  const [isOpen, setIsOpen] = useState(false);
  const path = `/api/conversations/${conversation}`;
  return (
    <div className={styles.foot}>
      {mail.folded !== null && (
        <>
          <UnstyledButton
            className={styles.more}
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
          >
            <IconDots size={14} aria-hidden="true" />
            {isOpen ? "Hide quoted text" : "Show quoted text"}
          </UnstyledButton>
          {isOpen && (
            <div className={styles.folded} dir="auto">
              <LinkedText text={mail.folded} />
            </div>
          )}
        </>
      )}
      {mail.attachments.map((attachment, index) => (
        <FileLink
          // Attachments have no name of their own; their place in the mail never changes.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          className={styles.file}
          href={`${path}/attachment?seq=${seq}&index=${index}`}
          name={attachment.name}
        >
          <IconPaperclip size={14} aria-hidden="true" />
          <span dir="auto">{attachment.name}</span>
          <span className={styles.size}>{sizeWords(attachment.bytes)}</span>
        </FileLink>
      ))}
      {mail.flaw !== null && (
        <span className={styles.doubt}>This mail could not be read. It is kept as it came.</span>
      )}
      {mail.isCut && <span>The mail is longer than what is shown.</span>}
      {mail.hasHtml === true && <MailPage conversation={conversation} seq={seq} />}
      <FileLink className={styles.more} href={`${path}/mail?seq=${seq}`} name="mail.eml">
        <IconDownload size={14} aria-hidden="true" />
        Download the mail
      </FileLink>
    </div>
  );
}

type AsideProps = { conversation: ConversationId; entry: AsideEntry; now: number };

/** A mail that is not the visitor's: beside the conversation, and never taken for a part of it. */
export function AsideBlock({ conversation, entry, now }: AsideProps) {
  const words = asideWords(entry);
  return (
    <div className={styles.aside} role="group" aria-label={words}>
      <div className={styles.asideHead}>
        <IconAlertTriangle size={14} aria-hidden="true" />
        <span dir="auto">{words}</span>
        <time dateTime={new Date(entry.at).toISOString()} title={fullTime(entry.at, { now })}>
          {clockTime(entry.at, { now })}
        </time>
      </div>
      <MailHead mail={{ ...entry.mail, isProven: true }} />
      {entry.text !== "" && (
        <div className={styles.asideText} dir="auto">
          <LinkedText text={entry.text} />
        </div>
      )}
      <MailFoot conversation={conversation} seq={entry.seq} mail={entry.mail} />
      {entry.why !== "bounce" && (
        <AcceptMail
          conversation={conversation}
          seq={entry.seq}
          words="Accept as this person’s message"
        />
      )}
      <div className={styles.team}>
        <IconLock size={12} aria-hidden="true" />
        Only your team sees this
      </div>
    </div>
  );
}
