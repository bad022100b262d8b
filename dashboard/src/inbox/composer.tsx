import { Button, Textarea, TextInput, VisuallyHidden } from "@mantine/core";
import { IconLock, IconMail, IconSend2 } from "@tabler/icons-react";
import {
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type Ref,
} from "react";
import { flushSync } from "react-dom";
import type { ContactRoute } from "../../../protocol/contact.ts";
import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import type { ChosenEmail } from "../../../protocol/entries.ts";
import type { ConversationId } from "../../../protocol/ids.ts";
import { MESSAGE_TEXT_MAX, SUBJECT_MAX } from "../../../protocol/limits.ts";
import { useShortcuts } from "../keyboard/use-shortcuts.ts";
import { keyLabel } from "../keyboard/shortcuts.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { useNarrow } from "../theme/use-narrow.ts";
import { onFocusWish } from "./composer-focus.ts";
import styles from "./composer.module.css";
import { copyWords } from "./copy-words.ts";
import { draftOf, keepDraft, keepMode, modeOf, type Mode } from "./drafts.ts";
import { useTypingSignal } from "./use-typing-signal.ts";

export type ComposerHandle = { focus(mode: Mode): void };

type Props = {
  ref: Ref<ComposerHandle>;
  conversation: ConversationId;
  to: string;
  /** Where the answer goes by email. */
  mail: NonNullable<ConversationSummary["mail"]> | null;
  /** An address that is known to be the person's: a mail with a subject of its own may go there. */
  mailTo: string | null;
  /** After how long what is not read in the chat goes there by itself; null where it does not. */
  copyAfterMs: number | null;
  /** Where the person is answered by mail, as they said in the chat. */
  contact: ContactRoute | undefined;
  isClosed: boolean;
  onWrite(kind: Mode, text: string, email?: ChosenEmail): void;
  onTyping(isOn: boolean): void;
};

const MODES = [
  { mode: "message", label: "Reply" },
  { mode: "note", label: "Note" },
] as const;

/** From how close to the limit the remaining room is shown. */
const NEAR_LIMIT = 500;

/** Writes replies and notes; in note mode everything about it is amber. */
export function Composer(props: Props) {
  const { ref, conversation, to, mail, mailTo, copyAfterMs, contact, isClosed, onWrite, onTyping } =
    props;
  const { operator } = useWorkspace();
  const isNarrow = useNarrow();
  const [mode, setMode] = useState<Mode>(() => modeOf(operator.id, conversation));
  const [texts, setTexts] = useState(() => ({
    message: draftOf(operator.id, conversation, "message"),
    note: draftOf(operator.id, conversation, "note"),
  }));
  const field = useRef<HTMLTextAreaElement>(null);
  const subjectField = useRef<HTMLInputElement>(null);
  const signal = useTypingSignal(onTyping);
  const text = texts[mode];
  const isNote = mode === "note";
  // Null while the message goes the way that the conversation goes.
  const [subject, setSubject] = useState<string | null>(null);
  const isEmail = !isNote && mailTo !== null && subject !== null;
  const copy = copyWords({ mailTo, copyAfterMs, contact });
  const canSend =
    text.trim() !== "" &&
    text.length <= MESSAGE_TEXT_MAX &&
    (!isEmail || (subject.trim() !== "" && subject.trim().length <= SUBJECT_MAX));

  useImperativeHandle(ref, () => ({
    focus(wanted) {
      turnTo(wanted);
      field.current?.focus();
    },
  }));
  useEffect(() => onFocusWish(conversation, () => field.current?.focus()), [conversation]);
  useShortcuts({
    leave: () => {
      if (document.activeElement !== field.current) return false;
      field.current?.blur();
      return true;
    },
  });

  function change(next: string): void {
    setTexts((held) => ({ ...held, [mode]: next }));
    keepDraft(operator.id, conversation, mode, next);
    if (!isNote) signal(next.trim() !== "");
  }

  function turnTo(next: Mode): void {
    setMode(next);
    keepMode(operator.id, conversation, next);
  }

  function choose(next: Mode): void {
    turnTo(next);
    signal(false);
    field.current?.focus();
  }

  function toggleSubject(): void {
    flushSync(() => setSubject(isEmail ? null : ""));
    (isEmail ? field : subjectField).current?.focus();
  }

  function send(): void {
    if (!canSend) return;
    if (!isNote) signal(false);
    if (isEmail) onWrite(mode, text.trim(), { to: mailTo, subject: subject.trim() });
    else onWrite(mode, text.trim());
    setSubject(null);
    change("");
    signal(false);
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    // Safari ends a composition before the Enter that confirmed it; only the old code 229 tells.
    const isComposing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || isComposing || event.shiftKey || event.altKey) return;
    // On a phone's keyboard Enter breaks the line, as everywhere else there.
    if (isNarrow && !event.metaKey && !event.ctrlKey && matchMedia("(pointer: coarse)").matches)
      return;
    event.preventDefault();
    send();
  }

  const left = MESSAGE_TEXT_MAX - text.length;
  const label = isNote ? "Note for your team" : `Reply to ${to}`;
  return (
    <div className={styles.frame}>
      <div className={styles.composer} data-mode={mode}>
        <div className={styles.head}>
          <div className={styles.tabs} role="tablist" aria-label="What to write">
            {MODES.map((each) => (
              <button
                key={each.mode}
                type="button"
                role="tab"
                className={styles.tab}
                aria-selected={mode === each.mode}
                aria-controls="composer-field"
                tabIndex={mode === each.mode ? 0 : -1}
                onClick={() => choose(each.mode)}
                onKeyDown={(event) => {
                  if (event.key === "ArrowLeft" || event.key === "ArrowRight")
                    choose(isNote ? "message" : "note");
                }}
              >
                {each.mode === "note" && <IconLock size={13} aria-hidden="true" />}
                {each.label}
              </button>
            ))}
          </div>
          {isNote && <span className={styles.warning}>Only your team sees this</span>}
          {!isNote && (mail !== null || isEmail) && (
            <span className={styles.byMail} title={mail?.address ?? mailTo ?? ""}>
              <IconMail size={13} aria-hidden="true" />
              <span>By email to {mail?.address ?? mailTo}</span>
            </span>
          )}
          {!isNote && copy !== null && !isEmail && (
            <span className={styles.byMail} title={copy.title}>
              <IconMail size={13} aria-hidden="true" />
              <span>{copy.words}</span>
            </span>
          )}
          {!isNote && mailTo !== null && (
            <button
              type="button"
              className={styles.tab}
              aria-pressed={isEmail}
              onClick={toggleSubject}
            >
              {mail === null ? "Send by email" : "Another subject"}
            </button>
          )}
        </div>
        {isEmail && (
          <TextInput
            variant="unstyled"
            aria-label="Subject"
            placeholder="Subject"
            maxLength={SUBJECT_MAX}
            dir="auto"
            ref={subjectField}
            value={subject}
            onChange={(event) => setSubject(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
              event.preventDefault();
              field.current?.focus();
            }}
            classNames={{ root: styles.subject ?? "" }}
          />
        )}
        <div id="composer-field" role="tabpanel" aria-label={isNote ? "Note" : "Reply"}>
          <Textarea
            ref={field}
            variant="unstyled"
            aria-label={label}
            placeholder={
              isNote
                ? "Write a note for your team"
                : isClosed
                  ? "Write to reopen the conversation"
                  : "Write a reply"
            }
            autosize
            minRows={isNarrow ? 1 : 2}
            maxRows={10}
            dir="auto"
            value={text}
            onChange={(event) => change(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onBlur={() => signal(false)}
            classNames={{ input: styles.field ?? "" }}
          />
        </div>
        <div className={styles.foot}>
          <span className={styles.hint}>
            {left < NEAR_LIMIT ? (
              <span data-over={left < 0}>
                {left < 0 ? `${-left} characters too many` : `${left} characters left`}
              </span>
            ) : (
              !isNarrow && (
                <>
                  {keyLabel("Enter")} to {isNote ? "add" : "send"}, {keyLabel("Shift")} +{" "}
                  {keyLabel("Enter")} for a new line
                </>
              )
            )}
          </span>
          <Button
            size="xs"
            className={styles.send}
            disabled={!canSend}
            rightSection={isNote ? undefined : <IconSend2 size={15} aria-hidden="true" />}
            onClick={send}
          >
            {isNote ? "Add note" : "Send"}
          </Button>
        </div>
      </div>
      <VisuallyHidden role="status">
        {isNote ? "Note mode: only your team sees what you write." : ""}
      </VisuallyHidden>
    </div>
  );
}
