import type { ToVisitor } from "../protocol/conversation-frames.ts";
import type { TeamAvailability } from "../protocol/operators.ts";
import type { WidgetSettings } from "../protocol/settings.ts";
import type { ConversationState, ToPage } from "../protocol/visitor-frames.ts";
import type { Writable } from "./chat/message-text.ts";
import type { TextOverrides } from "./languages/texts.ts";

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

export type Chat = Part & {
  open(isRestored?: boolean): void;
  close(): void;
  toggle(): void;
  /** Puts text into the composer, or sends it when it can be a message. */
  message(value: Writable, options?: { send?: boolean }): void;
  /** Shows another look, when connected with `preview`. */
  preview(settings: WidgetSettings, team?: TeamAvailability): void;
};

export type Parts = { chat: Chat; peek: Part };

export type Core = {
  /** Every part that is there, in the order of their coming. */
  parts: Part[];
  /** The parts on their way, by name. */
  chat?: Promise<Chat>;
  peek?: Promise<Part>;
  /** Origin that the script came from; everything is fetched from there. */
  host: string;
  /** `data-*` of the script's tag. */
  dataset: DOMStringMap;
  key: string;
  options: ConnectOptions;
  /** The device's right, once boot has answered. */
  token?: string | undefined;
  settings: WidgetSettings;
  team: TeamAvailability;
  conversation: ConversationState | null | undefined;
  /** The server's clock when the page started: what is newer is news. */
  serverTime: number;
  /** What the page was told already. */
  told?: { unread: number; at: number };
  isOpen?: boolean;
  /** Set by `show` and `hide`; until then the workspace decides. */
  isConcealed?: boolean;
  root: ShadowRoot;
  button: HTMLElement;
  /** Socket to the visitor's object. */
  page: Line;
  createLine(
    path: string,
    pass: Pass,
    receive: (frame: Frame) => void,
    lost: (code: number) => void,
  ): Line;
  /** Draws the launcher again and tells every part. */
  changed(isAnew?: boolean): void;
};
