import type { ConversationStatus, ReadMarks } from "../../protocol/conversation-frames.ts";
import type { VisibleEntry } from "../../protocol/entries.ts";
import type { ConversationId, DeliveryId, VisitorId } from "../../protocol/ids.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { Answer, Core, Frame } from "../core.ts";
import { TYPING_SHOWN_MS } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { emit, guard } from "../loader/events.ts";
import { isSamePerson } from "../same-person.ts";
import { createLog } from "./entry-log.ts";
import { createOutbox, type Outgoing } from "./outbox.ts";

/** Entries asked for at first; older ones come on demand. */
const FIRST_ENTRIES = 100;
/** Own signals of typing are repeated no sooner than this, and end after this pause. */
const TYPING_REPEAT_MS = 2_500;
/** Messages of other tabs that are older than this are taken to be left behind. */
const QUIET_MS = 10_000;
/** How long the conversation's socket may take before messages go over the page's. */
const PATIENCE_MS = 4_000;

/**
 * The conversation as this page holds it: its entries, what is on its way, and the socket while the panel is open.
 * `changed` is called after every change.
 */
export function createConversation(core: Core, memory: Memory, changed: () => void) {
  let log = createLog();
  /** What is held of those that were shown before. */
  const logs = new Map<ConversationId | undefined, typeof log>();
  const outbox = createOutbox(
    memory,
    () => crypto.getRandomValues(new Uint32Array(4)).join("-"),
    Date.now,
  );
  let id = core.conversation?.id;
  /** Another one than the open one, which the person has chosen to see. */
  let chosen: ConversationId | undefined;
  let status: ConversationStatus = core.conversation?.status ?? "open";
  let marks: ReadMarks = { visitor: core.conversation?.read ?? 0, team: 0 };
  let typing: OperatorCard | null = null;
  let typingTimer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  let isLive = false;
  let isAskingPage = false;
  let patientUntil = 0;
  /** Acknowledged, but with entries before them that are not here yet. */
  const delivered: Outgoing[] = [];
  let saidTypingAt = 0;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;

  const line = core.createLine(
    "conversation",
    (use) => {
      const conversation = id;
      core.page.ask({ t: "ticket", conversation }, (answer) => {
        // Another one may be shown by now, which has asked for its own.
        if (conversation === id && answer && "ticket" in answer && answer.ticket)
          use(answer.ticket);
      });
    },
    receive,
    () => {
      isLive = false;
      setTyping(null);
      bePatient();
      changed();
    },
  );

  function receive(frame: Frame) {
    if (frame.t === "hello" && "marks" in frame) {
      ({ status, marks } = frame);
      if (!log.isStarted()) log.start(Math.max(0, frame.through - FIRST_ENTRIES));
      resume();
    } else if (frame.t === "entry") {
      if (!log.add(frame.entry)) resume();
      if (frame.entry.author.kind === "operator") setTyping(null);
    } else if (frame.t === "typing") setTyping(frame.on ? frame.operator : null);
    else if (frame.t === "marks") ({ marks } = frame);
    else if (frame.t === "status") ({ status } = frame);
    changed();
  }

  /** Asks for what is after the last entry held, until nothing is missing; from then on entries come live. */
  function resume() {
    line.ask({ t: "resume", after: log.through() }, (answer) => {
      if (answer?.t !== "entries") return;
      for (const entry of answer.entries) log.add(entry);
      if (answer.more) return resume();
      isLive = true;
      flush();
      changed();
    });
  }

  function setTyping(operator: OperatorCard | null) {
    clearTimeout(typingTimer);
    typing = operator;
    if (operator)
      typingTimer = setTimeout(
        guard(() => {
          setTyping(null);
          changed();
        }),
        TYPING_SHOWN_MS,
      );
  }

  /** Where a message goes; unknown before the first one. */
  const placeOf = ({ place }: Outgoing) => place ?? (chosen ? core.conversation?.id : id);

  /**
   * Sends what waits, in order: over the conversation's socket, or one by one over the page's when that is not
   * held or takes long to come, and for every other conversation than the one that is shown. What answers a delivery always goes over the page's: the visitor's object knows what
   * was said. What is on its way over one socket is waited for before the other is used, so that nothing overtakes it.
   */
  function flush() {
    const [next] = outbox.next(1);
    const isPageEnough =
      !isWanted || !id || Date.now() >= patientUntil || (next && !isForLine(next));
    if (isAskingPage || !isKnown() || !(isLive || isPageEnough || core.options.preview)) return;
    for (const item of outbox.next(isLive ? undefined : 1)) {
      const { stream, n, text, delivery } = item;
      const conversation = delivery ? undefined : placeOf(item);
      const frame = { t: "message", stream, n, text, delivery, conversation };
      // Once it may have arrived somewhere, it is sent again there and nowhere else.
      const fly = () => {
        item.state = "flying";
        item.place = conversation;
      };
      const arrive = (answer: Answer) => {
        isAskingPage = false;
        settle(item, answer);
        flush();
        changed();
      };
      if (core.options.preview) settle(item, { t: "ack", id: "", seq: log.through() + 1 });
      else if (isLive && isForLine(item)) {
        // Nothing may overtake what could not leave.
        if (!line.ask(frame, arrive)) return;
        fly();
      } else {
        if (!outbox.isFlying() && core.page.ask(frame, arrive)) {
          isAskingPage = true;
          fly();
        }
        return;
      }
    }
  }

  const isKnown = () => core.token || core.options.preview;

  const isForLine = (item: Outgoing) => !item.delivery && placeOf(item) === id;

  function settle(item: Outgoing, answer: Answer) {
    const { place } = item;
    item.state = "waiting";
    if (answer?.t === "error") {
      // Whoever has another right by now has the conversations of that one.
      if (answer.code !== "not_found" || !place) return outbox.refuse(item, answer.code);
      item.place = undefined;
    }
    if (answer?.t !== "ack") return;
    const { seq = 0, at = item.at } = answer;
    const { key, text, delivery: answers } = item;
    outbox.take(item);
    if ("conversation" in answer) begin(answer.conversation);
    if ((("conversation" in answer && answer.conversation) || place || id) !== id) return;
    // Only the very first message is known to have nothing before it.
    if (!log.isStarted() && seq === 1) log.start(0);
    const entry: VisibleEntry = {
      seq,
      at,
      type: "message",
      author: { kind: "visitor" },
      text,
      key,
    };
    if (!log.add(answers ? { ...entry, answers } : entry)) {
      delivered.push({ ...item, state: "sent" });
      if (isLive) resume();
    }
    status = "open";
    connect();
  }

  function begin(conversation: ConversationId | undefined) {
    if (id || !conversation) return;
    id = conversation;
    emit("conversation-started", { conversation });
  }

  /** Gives the conversation's own socket a while before the page's is used in its place. */
  function bePatient() {
    patientUntil = Date.now() + PATIENCE_MS;
    setTimeout(guard(flush), PATIENCE_MS);
  }

  function connect() {
    if (isWanted && id && !isLive && !core.options.preview) line.open();
  }

  function sign() {
    if (core.token && core.visitor) outbox.sign(core.visitor);
  }

  const isOurs = (whose?: VisitorId) => isSamePerson(core, whose);

  outbox.adopt(0, isOurs);
  return {
    id: () => id,
    status: () => status,
    entries: () => log.all(),
    outgoing: (): readonly Outgoing[] => [
      ...delivered,
      ...outbox
        .all()
        // Until there is a right again, nobody knows whether the person is the same.
        .filter((item) => (isKnown() || !item.whose) && placeOf(item) === id),
    ],
    marks: () => marks,
    typing: () => typing,
    isLive: () => isLive,
    hasEarlier: () => log.first() > 1 && log.isStarted(),
    /** Holds the conversation's socket while the panel is open. */
    hold(): void {
      isWanted = true;
      bePatient();
      connect();
    },
    release(): void {
      isWanted = false;
      isLive = false;
      line.close();
      flush();
    },
    /** Somebody looks again, or the network has changed: the socket may have died unnoticed. */
    check(): void {
      if (isWanted && id && !core.options.preview) line.open();
    },
    /**
     * The loader's state changed: the page's socket may have come back, or the conversation begun elsewhere. Another one
     * may be the open one by now, because the person has turned out to be one who had one; what is on its way in this
     * one is answered first.
     */
    follow(): void {
      const open = core.conversation?.id;
      if (chosen === open) chosen = undefined;
      if (!chosen && id && open && open !== id && !outbox.isFlying()) this.leave();
      begin(open);
      if (core.token) outbox.adopt(QUIET_MS, isOurs, true);
      sign();
      connect();
      flush();
    },
    /**
     * Shows another of the person's conversations, or without one the open one again. What is not sent goes where it was
     * written. False where that one is shown already.
     */
    choose(conversation?: ConversationId): boolean {
      const open = core.conversation?.id;
      const next = conversation ?? open;
      if (next === id) return false;
      for (const item of outbox.all()) if (!item.delivery) item.place ??= id;
      logs.set(id, log);
      log = createLog();
      this.leave();
      id = next;
      log = logs.get(id) ?? log;
      chosen = next === open ? undefined : next;
      if (isWanted) this.hold();
      flush();
      return true;
    },
    /** `delivery`: what this answers. */
    send(text: string, delivery?: DeliveryId): void {
      outbox.add(text, delivery, delivery ? undefined : chosen);
      sign();
      saidTypingAt = 0;
      clearTimeout(silenceTimer);
      flush();
      changed();
    },
    retry(key: string): void {
      const item = outbox.all().find((each) => each.key === key);
      if (item) outbox.retry(item);
      flush();
      changed();
    },
    /** The person writes (or has emptied the composer). */
    sayTyping(on: boolean): void {
      clearTimeout(silenceTimer);
      if (on) silenceTimer = setTimeout(() => this.sayTyping(false), TYPING_REPEAT_MS * 2);
      if (on ? Date.now() - saidTypingAt < TYPING_REPEAT_MS : !saidTypingAt) return;
      saidTypingAt = on ? Date.now() : 0;
      line.ask({ t: "typing", on }, () => {});
    },
    /** The person has seen everything up to a number. */
    read(through: number): void {
      const isNews = log
        .all()
        .some(
          ({ seq, author }) => seq > marks.visitor && seq <= through && author.kind === "operator",
        );
      if (isNews && line.ask({ t: "read", through }, () => {}))
        marks = { ...marks, visitor: through };
    },
    loadEarlier(loaded: () => void): void {
      const after = Math.max(0, log.first() - 1 - FIRST_ENTRIES);
      line.ask({ t: "resume", after }, (answer) => {
        if (answer?.t !== "entries") return;
        log.addEarlier(answer.entries);
        loaded();
        // The answer may have ended before the newest entry; live ones follow only after one that did not.
        resume();
      });
    },
    /** Holds one entry and nothing else, for a preview. */
    pretend(entry: VisibleEntry | undefined): void {
      log.clear();
      id = undefined;
      if (!entry) return;
      log.start(entry.seq - 1);
      log.add(entry);
    },
    /** This browser has become another visitor. */
    clear(): void {
      this.leave();
      logs.clear();
      outbox.clear();
    },
    /** Another conversation is the open one; what is not sent goes there. */
    leave(): void {
      line.close();
      outbox.renew();
      log.clear();
      chosen = undefined;
      delivered.length = 0;
      id = undefined;
      status = "open";
      isLive = false;
      marks = { visitor: 0, team: 0 };
      setTyping(null);
    },
  };
}
