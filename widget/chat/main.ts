import type { ConversationId, DeliveryId } from "../../protocol/ids.ts";
import type { TeamAvailability } from "../../protocol/operators.ts";
import type { WidgetSettings } from "../../protocol/settings.ts";
import type { Moments } from "../../protocol/triggers.ts";
import { addStyles, dress } from "../colors.ts";
import type { Chat, Core } from "../core.ts";
import { element, icon } from "../element.ts";
import { labelLauncher } from "../label.ts";
import { chooseWords } from "../languages/choose.ts";
import { english, fill } from "../languages/texts.ts";
import { memoryOf } from "../memory.ts";
import { emit, guard } from "../loader/events.ts";
import { FOUND } from "../wrote/found.ts";
import { tellNews } from "../news.ts";
import { waitingOf } from "../reach/state.ts";
import { createReactions } from "../reactions.ts";
import { isSamePerson } from "../same-person.ts";
import css from "./chat.css";
import composerCss from "./composer.css";
import { createComposer } from "./composer.ts";
import { createConversation } from "./conversation.ts";
import { createHeader } from "./header.ts";
import { DOWN } from "./icons.ts";
import { createMessageList } from "./message-list.ts";
import { sendable, textOf } from "./message-text.ts";
import { isOpenRemembered, rememberOpen } from "./open-before.ts";
import { fitScreen, isPhone, keepKeys } from "./panel.ts";
import { entryOf, pretended } from "./preview.ts";
import { messagesOf, rowsOf, type Message, type Row } from "./rows.ts";
import { createThread } from "./thread.ts";
import { createTimes } from "./times.ts";

/** How far from the end the reader still counts as being at it, in pixels. */
const END_PX = 48;
const TEAM_REFRESH_MS = 60_000;
/** A lost connection is said only when it lasts. */
const OFFLINE_AFTER_MS = 3_000;

/** The chat: made once, when it is first needed; after a failure the next call tries again. */
export default function start(core: Core): Promise<Chat> {
  return (core.chat ??= create(core).catch((error: unknown) => {
    delete core.chat;
    throw error;
  }));
}

async function create(core: Core): Promise<Chat> {
  const words = await chooseWords(core, english);
  const { texts, locale } = words;
  const { preview } = core.options;
  const memory = memoryOf(core);
  const reactions = createReactions(core, memory);
  const times = createTimes(locale);
  const conversation = createConversation(core, memory, show);
  const header = createHeader(core, words, times, memory, goElsewhere, leave, listAll);
  const createList = () => createMessageList(core.host, words, times, conversation.retry, decorate);
  const messages = createList();
  const composer = createComposer(texts, memory, write, (on) => conversation.sayTyping(on));

  const greeting = element("div", { class: "greeting", dir: "auto" });
  const earlier = element(
    "button",
    { type: "button", class: "earlier", click: showEarlier },
    texts.earlier,
  );
  const before = element(
    "button",
    { type: "button", class: "before", click: findBefore },
    texts.wroteBefore,
  );
  const byMail = element(
    "button",
    { type: "button", class: "before", click: () => showReach(true) },
    texts.answersByMail,
  );
  const reach = element("div");
  const typing = element("div", { class: "typing", role: "status" });
  const closed = element("p", { class: "closed" }, texts.closed);
  const scroller = element(
    "div",
    {
      class: "scroller",
      tabindex: "0",
      role: "region",
      "aria-label": texts.conversation,
      scroll: seen,
    },
    greeting,
    before,
    byMail,
    earlier,
    messages.list,
    closed,
    reach,
    typing,
  );
  const latest = element(
    "button",
    { type: "button", class: "latest", click: toEnd },
    icon(DOWN),
    texts.latest,
  );
  const offline = element("p", { class: "offline", role: "status" });
  const panel = element(
    "section",
    { class: "panel", role: "dialog", tabindex: "-1", lang: locale, dir: texts.dir, hidden: true },
    header.header,
    offline,
    scroller,
    latest,
    composer.form,
  );
  messages.list.role = "log";
  messages.list.ariaLabel = texts.conversation;
  addStyles(core.root, css + composerCss);
  const fit = fitScreen(panel);
  keepKeys(core, panel, leave);

  /** Whose the draft is, and what is not sent. */
  let whose = core.visitor;
  let rows: Row[] = [];
  let lostAt = 0;
  let isEnd = true;
  let cameFrom: HTMLElement | null = null;
  let teamTimer: ReturnType<typeof setTimeout> | undefined;
  let thread: ReturnType<typeof createThread> | undefined;
  let answering: DeliveryId | undefined;
  let previews = 0;
  let askTimer: ReturnType<typeof setTimeout> | undefined;
  /** The message that waits for an answer, and when it was first seen here. */
  let waited: { seq?: number | undefined; at: number } = { at: 0 };

  function write(text: string) {
    isEnd = true;
    conversation.send(text, answering);
    answering = undefined;
  }

  /** Picture, product and button of a trigger's message; how they are drawn comes with the first of them. */
  function decorate(slot: HTMLElement, { delivery, content }: NonNullable<Message["moment"]>) {
    if (!content.imageUrl && !content.card && !content.button) return;
    guard(async () => {
      const card = await core.loadPart("card");
      slot.className = "card";
      slot.append(
        ...card.draw(content, words, (opensChat, event) => {
          if (preview) event.preventDefault();
          reactions.react(delivery, "clicked");
          if (opensChat) composer.field.focus();
        }),
      );
      if (isEnd) toEnd();
    })();
  }

  function show() {
    const now = Date.now();
    const { settings } = core;
    const operator = conversation.typing();
    const entries = conversation.entries();
    dress(panel, core);
    header.show(now, conversation.id());
    labelLauncher(core, texts);
    panel.ariaLabel = settings.title;
    greeting.textContent = settings.greeting;
    rows = rowsOf(
      messagesOf(entries, conversation.outgoing(), conversation.marks().team),
      times.dayOf,
    );
    messages.show(rows, now);
    panel.classList.toggle("fresh", rows.length === 0 && !conversation.id());
    earlier.hidden = preview !== undefined || !conversation.hasEarlier();
    // Where a page proves who uses it, there is a login.
    before.hidden =
      preview !== undefined ||
      conversation.hasEarlier() ||
      core.prover !== undefined ||
      !!core.conversation?.others ||
      memory.recall(FOUND) !== undefined;
    closed.hidden = conversation.status() === "open" || rows.length === 0;
    typing.hidden = !operator;
    typing.textContent = operator ? fill(texts.typing, { name: operator.name }) : "";
    if (core.token || preview) composer.turnTo(conversation.id() ?? core.visitor ?? "new");
    thread?.show();
    followReach(now);
    if (isEnd) toEnd();
    else seen();
    sayOffline(now);
  }

  /** Where the person may be answered by mail: it is drawn by a part that comes when there is something to say. */
  function followReach(now: number) {
    const { contact, byMail: mail, team } = core;
    const waiting = waitingOf(conversation.entries());
    if (waiting?.seq !== waited.seq) waited = { seq: waiting?.seq, at: now };
    const ask = mail?.askAfterMs;
    // The server's clock and this one may differ.
    const due =
      waiting && ask != null && Math.min(waiting.at, waited.at) + (team.isOnline ? ask : 0);
    const isDue = !!due && due <= now;
    clearTimeout(askTimer);
    if (due && !isDue) askTimer = setTimeout(guard(show), due - now);
    const isSaid =
      contact && !contact.isProven && (contact.address || (isDue && !contact.isDeclined));
    if (reach.firstChild || (mail && isSaid && conversation.id())) showReach(false, isDue);
    byMail.hidden = !mail || !conversation.id() || !!reach.firstChild;
  }

  const showReach = guard(async (opened: boolean, isDue?: boolean) => {
    const part = core.reach ?? (await core.loadPart("reach"));
    const had = reach.childElementCount;
    part.show(reach, words, !!isDue, opened);
    byMail.hidden ||= !!reach.firstChild;
    if (opened || (isEnd && had !== reach.childElementCount)) toEnd();
  });

  function sayOffline(now: number) {
    const isFine =
      preview ||
      !core.isOpen ||
      (navigator.onLine && (conversation.isLive() || !conversation.id()));
    lostAt = isFine ? 0 : lostAt || now;
    const isLong = lostAt > 0 && now - lostAt >= OFFLINE_AFTER_MS;
    offline.textContent = isLong ? texts.offline : "";
    if (lostAt && !isLong) setTimeout(guard(show), OFFLINE_AFTER_MS);
  }

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    seen();
  }

  /** What is in sight has been read, while somebody looks. */
  function seen() {
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const isInSight = core.isOpen && !document.hidden && clientHeight > 0;
    if (!isInSight) {
      reactions.look([]);
      return;
    }
    isEnd = scrollHeight - scrollTop - clientHeight < END_PX;
    const through = messages.lastAbove(rows, scrollTop + clientHeight);
    const last = conversation.entries().at(-1);
    latest.hidden = isEnd || !last || last.seq <= Math.max(through, conversation.marks().visitor);
    conversation.read(through);
    const above = messages.lastAbove(rows, scrollTop);
    reactions.look(
      conversation
        .entries()
        .flatMap(({ seq, moment }) =>
          moment && seq > above && seq <= through ? [moment.delivery] : [],
        ),
    );
  }

  async function listAll() {
    const threads = await core.loadPart("threads");
    core.wrote?.hide();
    core.elsewhere?.hide();
    threads.show(panel, words, (chosen) => {
      if (chosen) turnTo(chosen);
      show();
      if (core.isOpen) focus();
    });
  }

  /** Shows another conversation, or without one the open one again. */
  function turnTo(chosen?: ConversationId) {
    if (!conversation.choose(chosen)) return;
    composer.rest();
    isEnd = true;
  }

  async function findBefore() {
    (await core.loadPart("wrote")).show(panel, words, memory, () => {
      show();
      if (core.isOpen) focus();
    });
  }

  async function goElsewhere() {
    const elsewhere = await core.loadPart("elsewhere");
    core.wrote?.hide();
    core.threads?.hide();
    await elsewhere.show(panel, words, () => {
      if (core.isOpen) focus();
    });
  }

  /** A touch screen's keyboard would cover what there is to read. */
  function focus() {
    const field = panel.querySelector<HTMLElement>(".wrote input") ?? composer.field;
    (matchMedia("(pointer: fine)").matches ? field : panel).focus();
  }

  function showEarlier() {
    const before = scroller.scrollHeight - scroller.scrollTop;
    conversation.loadEarlier(() => {
      show();
      scroller.scrollTop = scroller.scrollHeight - before;
    });
  }

  const refreshTeam = guard(async () => {
    clearTimeout(teamTimer);
    if (!core.isOpen || preview) return;
    teamTimer = setTimeout(refreshTeam, TEAM_REFRESH_MS);
    if (document.hidden) return;
    const response = await fetch(`${core.host}/v1/team?key=${encodeURIComponent(core.key)}`);
    if (response.ok) core.team = (await response.json()) as TeamAvailability; // our own server's word
    show();
  });

  /** Goes by the person's own wish, and gives the focus to the launcher, or where there is none, back. */
  function leave() {
    chat.close();
    (core.toggler.hidden ? cameFrom : core.toggler)?.focus();
  }

  const chat: Chat = {
    changed(isAnew) {
      if (isAnew) answering = undefined;
      if (isAnew && !core.token) {
        // Who comes next is not known yet. It may be the same person, with what they have not sent.
        core.contact = undefined;
        composer.hide();
        conversation.leave();
      } else if (core.token && core.visitor !== whose) {
        if (isSamePerson(core, whose)) {
          conversation.leave();
          // Another browser may have proven who its former visitor was, and this one nothing.
          if (!core.contact?.isProven) memory.keep(FOUND);
        } else {
          composer.clear();
          conversation.clear();
          memory.clear();
        }
        whose = core.visitor;
      }
      conversation.follow();
      tellNews(core, memory);
      show();
    },
    open(isRestored, delivery) {
      answering = delivery;
      if (core.isOpen) return;
      core.isOpen = isEnd = true;
      const { activeElement } = document;
      cameFrom = activeElement instanceof HTMLElement ? activeElement : null;
      panel.hidden = false;
      panel.classList.toggle("still", !!isRestored);
      if (!preview) rememberOpen("1");
      fit();
      core.changed();
      composer.changed();
      conversation.hold();
      if (!isRestored && !preview) focus();
      refreshTeam();
      emit("opened");
    },
    close() {
      if (!core.isOpen) return;
      core.isOpen = false;
      answering = undefined;
      panel.hidden = true;
      if (!preview) rememberOpen("");
      conversation.release();
      core.threads?.hide();
      turnTo();
      core.changed();
      emit("closed");
    },
    toggle() {
      if (core.isOpen) leave();
      else chat.open();
    },
    message(value, options) {
      const text = textOf(value);
      core.wrote?.hide();
      core.threads?.hide();
      core.elsewhere?.hide();
      const sent = options?.send && sendable(text);
      if (sent) write(sent);
      else composer.put(text);
      chat.open();
    },
    preview(settings: WidgetSettings, team: TeamAvailability = core.team, moments?: Moments) {
      if (!preview) return;
      Object.assign(core, { settings, team });
      if (moments) {
        core.moments = moments;
        core.conversation = pretended(moments.shown[0], ++previews);
        conversation.pretend(entryOf(moments.shown[0], previews));
      }
      core.changed();
    },
    thread(delivery) {
      turnTo();
      const own = (thread = createThread(conversation, createList(), times, texts, delivery));
      conversation.hold();
      own.show();
      return {
        ...own,
        end() {
          if (thread === own) thread = undefined;
          if (!core.isOpen) conversation.release();
        },
      };
    },
  };

  const look = guard(() => {
    conversation.check();
    show();
  });
  chat.changed();
  core.root.append(panel);
  core.parts.push(chat);
  document.addEventListener("visibilitychange", look);
  addEventListener("online", look);
  addEventListener("offline", look);
  // The chat was open on the page before, and there is room beside this one.
  if (!preview && isOpenRemembered() && !isPhone()) chat.open(true);
  return chat;
}
