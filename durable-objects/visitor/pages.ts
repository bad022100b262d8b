import { signTicket } from "../../domain/identity/tokens.ts";
import { CLOSE, errorCodeOf } from "../../protocol/errors.ts";
import {
  asId,
  isId,
  type ConversationId,
  type DeliveryId,
  type DeviceId,
  type WorkspaceId,
} from "../../protocol/ids.ts";
import { parseBounded } from "../../protocol/json.ts";
import { DEVICE_SOCKETS_MAX, OPERATOR_SOCKETS_MAX } from "../../protocol/limits.ts";
import type { PersonCard, ToWatcher } from "../../protocol/person.ts";
import type { Contact } from "../../protocol/contact.ts";
import type { Moments } from "../../protocol/triggers.ts";
import {
  pageCommand,
  type ListedConversation,
  type OpenConversation,
  type PageCommand,
  type ToPage,
} from "../../protocol/visitor-frames.ts";
import { SOCKET_HEADERS, type IngestOutcome, type ReceivedMessage } from "../contracts.ts";
import { now } from "../runtime/clock.ts";
import { refuse, send, Sockets } from "../runtime/sockets.ts";
import type { Batch } from "../../protocol/facts.ts";

type Holder = { key: DeviceId; role: "page"; network: string } | { key: string; role: "watcher" };

/** `delivery`: what the message answers. */
export type PageMessage = {
  stream: string;
  n: number;
  text: string;
  delivery?: string | undefined;
  /** Where it was written, if not in the open conversation. */
  conversation?: string | undefined;
};

/** What the sockets ask of their visitor. */
export type PageHost = {
  isEnded(device: DeviceId): boolean;
  /** Whether its browser goes on, as somebody new or under another right, and is not signed out. */
  isMoved(device: DeviceId): boolean;
  conversation(): OpenConversation | null;
  listConversations(before: string | null): {
    conversations: ListedConversation[];
    next: string | null;
  };
  holdsConversation(id: string): id is ConversationId;
  ingest(device: DeviceId, batch: Batch): Promise<IngestOutcome>;
  receive(
    device: DeviceId,
    network: string,
    message: PageMessage,
  ): Promise<ReceivedMessage & { conversation: ConversationId }>;
  contact(): Contact;
  moments(): Moments;
  fired(delivery: DeliveryId): Promise<void>;
  pagesChanged(): void;
  person(): PersonCard;
};

/** The visitor's open pages, and the operators who look at the person. */
export class VisitorPages {
  readonly #host: PageHost;
  readonly #sockets: Sockets<Holder>;
  readonly #signing: { workspace: WorkspaceId; secret: string };

  constructor(
    ctx: DurableObjectState,
    host: PageHost,
    signing: { workspace: WorkspaceId; secret: string },
  ) {
    this.#host = host;
    this.#sockets = new Sockets<Holder>(ctx);
    this.#signing = signing;
  }

  /** Open pages. */
  count(): number {
    return this.#ofRole("page").length;
  }

  accept(request: Request): Response {
    if (request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 404 });
    const device = request.headers.get(SOCKET_HEADERS.device);
    const session = request.headers.get(SOCKET_HEADERS.session);
    if (device !== null) return this.#acceptPage(request, asId("dev", device));
    if (session === null) return new Response(null, { status: 404 });
    const holder: Holder = { key: session, role: "watcher" };
    const { response, socket } = this.#sockets.accept(request, holder, OPERATOR_SOCKETS_MAX);
    send(socket, JSON.stringify({ t: "hello", person: this.#host.person() } satisfies ToWatcher));
    return response;
  }

  async hear(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    if (!this.#sockets.admits(socket, Date.now())) return;
    if (typeof message !== "string") return refuse(socket, "binary_frame");
    const holder = this.#sockets.holder(socket);
    if (holder.role === "watcher") return refuse(socket, "unknown_type");
    const parsed = parseBounded(message, pageCommand);
    if (!parsed.ok) return refuse(socket, parsed.code, parsed.id, parsed.detail);
    try {
      await this.#obey(socket, holder, parsed.value);
    } catch (error) {
      const code = errorCodeOf(error);
      refuse(socket, code === "internal" ? "overloaded" : code, parsed.value.id);
    }
  }

  left(socket: WebSocket): void {
    if (this.#sockets.holder(socket).role === "page") this.#host.pagesChanged();
  }

  end(key: string, code?: number): void {
    this.#sockets.end(key, code);
  }

  /** Operators who look at somebody that is another person by now: they come back and find that one. */
  releaseWatchers(): void {
    for (const watcher of this.#ofRole("watcher"))
      this.#sockets.shut(watcher, CLOSE.moved, "joined");
  }

  tellPages(frame: ToPage): void {
    const text = JSON.stringify(frame);
    for (const page of this.#ofRole("page")) send(page, text);
  }

  /** Tells the operators who look at the person. What there is to tell is asked only if somebody does. */
  tellWatchers(...frames: (() => ToWatcher)[]): void {
    const watchers = this.#ofRole("watcher");
    if (watchers.length === 0) return;
    for (const frame of frames) {
      const text = JSON.stringify(frame());
      for (const watcher of watchers) send(watcher, text);
    }
  }

  #acceptPage(request: Request, device: DeviceId): Response {
    const network = request.headers.get(SOCKET_HEADERS.network) ?? "";
    const holder: Holder = { key: device, role: "page", network };
    const { response, socket } = this.#sockets.accept(request, holder, DEVICE_SOCKETS_MAX);
    if (this.#host.isEnded(device)) {
      this.#sockets.shut(socket, this.#host.isMoved(device) ? CLOSE.moved : CLOSE.ended, "ended");
      return response;
    }
    send(
      socket,
      JSON.stringify({
        t: "hello",
        conversation: this.#host.conversation(),
        contact: this.#host.contact(),
        moments: this.#host.moments(),
      } satisfies ToPage),
    );
    this.#host.pagesChanged();
    return response;
  }

  async #obey(
    socket: WebSocket,
    holder: Extract<Holder, { role: "page" }>,
    command: PageCommand,
  ): Promise<void> {
    const { id } = command;
    const answer = (frame: Omit<Extract<ToPage, { t: "ack" }>, "t" | "id">) =>
      send(socket, JSON.stringify({ t: "ack", id, ...frame } satisfies ToPage));
    if (this.#host.isEnded(holder.key)) return refuse(socket, "ended", id);
    switch (command.t) {
      case "events": {
        const outcome = await this.#host.ingest(holder.key, command);
        if (outcome.isEnded) return refuse(socket, "ended", id);
        return answer({ through: outcome.through, rejected: outcome.rejected });
      }
      case "message": {
        const { stream, n, text, delivery, conversation } = command;
        const message: PageMessage = { stream, n, text, delivery, conversation };
        const sent = await this.#host.receive(holder.key, holder.network, message);
        if (!sent.ok) return refuse(socket, sent.code, id);
        return answer({ conversation: sent.conversation, seq: sent.seq, at: sent.at });
      }
      case "fired": {
        if (isId("dlv", command.delivery)) await this.#host.fired(command.delivery);
        return answer({});
      }
      case "conversations":
        return answer(this.#host.listConversations(command.before ?? null));
      case "ticket": {
        const { conversation } = command;
        if (!this.#host.holdsConversation(conversation)) return refuse(socket, "not_found", id);
        const { workspace, secret } = this.#signing;
        const ticket = await signTicket(secret, {
          workspace,
          conversation,
          device: holder.key,
          issuedAt: now(),
        });
        return answer({ ticket });
      }
    }
  }

  #ofRole(role: Holder["role"]): WebSocket[] {
    return this.#sockets.open().filter((socket) => this.#sockets.holder(socket).role === role);
  }
}
