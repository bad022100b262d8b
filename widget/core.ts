import type { ChatMail, Contact } from "../protocol/contact.ts";
import type { ToVisitor } from "../protocol/conversation-frames.ts";
import type { Fact } from "../protocol/facts.ts";
import type { TeamAvailability } from "../protocol/operators.ts";
import type { WidgetSettings } from "../protocol/settings.ts";
import type { ConversationId, DeliveryId, VisitorId } from "../protocol/ids.ts";
import type { MomentContent, Moments } from "../protocol/triggers.ts";
import type { BootResponse, OpenConversation, ToPage } from "../protocol/visitor-frames.ts";
import type { Writable } from "./chat/message-text.ts";
import type { Words } from "./languages/choose.ts";
import type { TextOverrides, Texts } from "./languages/texts.ts";
import type { NewFact } from "./loader/facts.ts";
import type { Memory } from "./memory.ts";
import type { Reactions } from "./reactions.ts";

/** What the loader hands to the parts that load later. Only types live here. */

export type Look = { settings: WidgetSettings; team: TeamAvailability };

export type ConnectOptions = {
  /** Language of the chat, such as `de`; else `data-lang`, else the page's own, else the browser's. */
  lang?: string;
  /** Own words for any text of the chat. */
  texts?: TextOverrides;
  /** Shows this look without any network. For settings pages. */
  preview?: Look;
};

export type Frame = ToPage | ToVisitor;
/** A frame's answer; undefined when the socket was lost before it came. */
export type Answer = Extract<Frame, { t: "ack" | "entries" | "error" }> | undefined;

/** One socket that stays open by itself: heartbeat, back-off with jitter, answers by id. */
export type Line = {
  /** Connects if it is not connected, and tests the connection if it is. */
  open(): void;
  close(): void;
  /** Sends a frame and passes on its answer. False, and nothing is sent, until the server has said hello. */
  ask(frame: object, answered: (answer: Answer) => void): boolean;
};

/** Calls back with the right to connect; does not when there is none now. */
export type Pass = (use: (right: string) => void) => void;

/** A part that loads later and follows the loader's state. */
export type Part = {
  /** `isAnew`: this browser has become another visitor; nothing of the former one may stay. */
  changed(isAnew?: boolean): void;
};

/** A piece of the conversation that stands elsewhere than in the chat. */
export type Thread = {
  /** The messages, under the styles of the chat. */
  node: HTMLElement;
  send(text: string): void;
  /** The person writes, or has emptied the field. */
  sayTyping(on: boolean): void;
  /** Nobody looks at it any more. */
  end(): void;
};

export type Chat = Part & {
  /** `answering`: the delivery that the next message answers. */
  open(isRestored?: boolean, answering?: DeliveryId): void;
  close(): void;
  toggle(): void;
  /** Puts text into the composer, or sends it when it can be a message. */
  message(value: Writable, options?: { send?: boolean }): void;
  /** Shows another look, and what a trigger would say, when connected with `preview`. */
  preview(settings: WidgetSettings, team?: TeamAvailability, moments?: Moments): void;
  /** What is said in answer to a delivery, from the first message that this page sends through it. */
  thread(delivery: DeliveryId): Thread;
};

/** Hears of a click on a link, or on a button that wants the chat. */
export type Clicked = (opensChat: boolean, event: Event) => void;

/** Draws what a trigger's message shows beside its words. */
export type Card = {
  /** Picture, product and button, as far as there are any. */
  draw(content: MomentContent, words: Words, clicked: Clicked): HTMLElement[];
  /** Text whose web addresses are links. */
  linkedText(text: string): (Node | string)[];
};

/** What takes an answer in one pop-up. */
export type AnswerField = {
  nodes: HTMLElement[];
  /** To be called once it stands in the page. */
  fit(): void;
  /** Whether the person has begun to write. */
  isGoing(): boolean;
  end(): void;
};

export type Answering = {
  create(
    texts: Partial<Texts>,
    memory: Memory,
    reactions: Reactions,
    delivery: DeliveryId,
  ): AnswerField;
};

/** What proves who uses this browser. */
export type Auth = {
  /** Takes a JWT, or a user id and its HMAC. */
  auth(proof: string | number, hmac?: string): void;
};

/** The form by which somebody without a login finds what they wrote before. */
export type Wrote = {
  /** Shows it in the chat, in place of all but the header. `left`: it is gone again. */
  show(panel: HTMLElement, words: Words, memory: Memory, left: () => void): void;
  /** Somebody goes on to write instead. */
  hide(): void;
};

/** The list of the person's conversations. */
export type Threads = {
  /**
   * Shows it in the chat, in place of all but the header.
   * @param chosen One of them is to be shown in the chat; undefined: the one that was.
   */
  show(panel: HTMLElement, words: Words, chosen: (conversation?: ConversationId) => void): void;
  hide(): void;
};

/** The link by which somebody goes on elsewhere. */
export type Elsewhere = {
  /** Shows it in the chat, in place of all but the header; shown already it goes. `left`: it is gone again. */
  show(panel: HTMLElement, words: Words, left: () => void): unknown;
  /** Somebody goes on to write instead. */
  hide(): void;
};

/** Where the person is answered by mail: asked, given, proven, chosen. */
export type Reach = {
  /** Draws it into a slot of the thread, or takes it out. `opened`: the person asked for it. */
  show(slot: HTMLElement, words: Words, isDue: boolean, opened?: boolean): void;
};

export type Parts = {
  chat: Chat;
  peek: Part;
  shown: Part;
  armed: Part;
  card: Card;
  answer: Answering;
  auth: Auth;
  wrote: Wrote;
  threads: Threads;
  elsewhere: Elsewhere;
  continued: Part;
  reach: Reach;
};

export type Core = {
  /** Every part that is there, in the order of their coming. */
  parts: Part[];
  /** The parts on their way, by name. */
  chat?: Promise<Chat>;
  peek?: Promise<Part>;
  moment?: Promise<Part>;
  rules?: Part;
  card?: Card;
  answer?: Answering;
  prover?: Auth;
  wrote?: Wrote;
  threads?: Threads;
  elsewhere?: Elsewhere;
  continuing?: Promise<Part>;
  reach?: Reach;
  /** Origin that the script came from; everything is fetched from there. */
  host: string;
  /** `data-*` of the script's tag. */
  dataset: DOMStringMap;
  key: string;
  options: ConnectOptions;
  /** The secrets of this page's proofs where the browser keeps nothing. */
  handover?: string | undefined;
  /** The device's right, once boot has answered. */
  token?: string | undefined;
  /** Whose right it is. */
  visitor?: VisitorId | undefined;
  /** Whom this browser was before, who is the same person. Anybody else was somebody else: nothing of theirs may stay. */
  formerly?: readonly VisitorId[];
  settings: WidgetSettings;
  team: TeamAvailability;
  conversation: OpenConversation | null | undefined;
  /** Where this person is answered by mail, and what the chat does about it; unknown before boot. */
  contact?: Contact | undefined;
  byMail?: ChatMail | null;
  /** What is due to be shown, and which page rules to wait for. */
  moments?: BootResponse["moments"] | undefined;
  /** What became of a link that led to this page. */
  continued?: BootResponse["continued"];
  /** The server's clock when the page started: what is newer is news. */
  serverTime: number;
  /** What the page was told already. */
  told?: { unread: number; at: number };
  isOpen?: boolean;
  /** A pop-up is shown: nothing else asks for attention. */
  isTaken?: boolean;
  /** Set by `show` and `hide`; until then the workspace decides. */
  isConcealed?: boolean;
  root: ShadowRoot;
  /** The launcher. */
  toggler: HTMLElement;
  /** Socket to the visitor's object. */
  page: Line;
  /** Tells the visitor's object something, in the next batch of facts. */
  tell(fact: NewFact, withinMs?: number): Fact;
  loadPart<Name extends keyof Parts>(name: Name): Promise<Parts[Name]>;
  createLine(
    path: string,
    pass: Pass,
    receive: (frame: Frame) => void,
    lost: (code: number) => void,
  ): Line;
  /** Draws the launcher again and tells every part. */
  changed(isAnew?: boolean): void;
};
