import { DurableObject } from "cloudflare:workers";
import { parseWorkspaceOf } from "../../protocol/addresses.ts";
import type { ConversationSummary } from "../../protocol/conversation-frames.ts";
import { CLOSE } from "../../protocol/errors.ts";
import type { ConversationId, OperatorId, VisitorId } from "../../protocol/ids.ts";
import { isId } from "../../protocol/ids.ts";
import {
  inboxCommand,
  type Alert,
  type OnlineOperator,
  type ToInbox,
} from "../../protocol/inbox-frames.ts";
import { parseBounded } from "../../protocol/json.ts";
import { OPERATOR_SOCKETS_MAX } from "../../protocol/limits.ts";
import type { OperatorCard, OperatorStatus } from "../../protocol/operators.ts";
import type { PresentVisitor } from "../../protocol/person.ts";
import type { ObjectBindings } from "../bindings.ts";
import { SOCKET_HEADERS, type InboxContract, type SessionHold } from "../contracts.ts";
import { peersOf } from "../peers.ts";
import { now } from "../runtime/clock.ts";
import { runMigrations } from "../runtime/migrations.ts";
import { readOperatorHeader } from "../runtime/operator-header.ts";
import { answerClose, refuse, send, Sockets } from "../runtime/sockets.ts";
import alertsSql from "./alerts.sql";
import schemaSql from "./schema.sql";
import { InboxStore } from "./store.ts";

type Holder = {
  key: string;
  operator: OperatorId;
  looking: ConversationId | null;
  isOnBoard: boolean;
};

/** The operators' shared live view of one workspace: who is there, who looks at what, and what has changed. */
export class InboxObject extends DurableObject<ObjectBindings> implements InboxContract {
  readonly #store: InboxStore;
  readonly #sockets: Sockets<Holder>;
  /** Open conversations by who is assigned, as heard since this woke: who is free is a passing thing. */
  readonly #busyWith = new Map<ConversationId, OperatorId>();

  constructor(ctx: DurableObjectState, env: ObjectBindings) {
    super(ctx, env);
    runMigrations(ctx.storage, [
      { name: "inbox", sql: schemaSql },
      { name: "alerts", sql: alertsSql },
    ]);
    this.#store = new InboxStore(ctx.storage.sql);
    this.#sockets = new Sockets<Holder>(ctx);
  }

  // Operators and their sessions

  async operatorChanged(operator: OperatorCard, status: OperatorStatus): Promise<void> {
    if (this.#store.keepOperator(operator, status)) this.#tellOperators();
  }

  async operatorRemoved(operator: OperatorId): Promise<void> {
    this.#store.removeOperator(operator);
    const open = this.#sockets.open().map((socket) => this.#sockets.holder(socket));
    const sessions = open
      .filter((holder) => holder.operator === operator)
      .map((holder) => holder.key);
    for (const session of new Set([...sessions, ...this.#store.sessionsOf(operator)])) {
      await this.endSession(session);
    }
    this.#tellOperators();
  }

  async hold(session: string, operator: OperatorId, hold: SessionHold): Promise<boolean> {
    if (this.#store.isEnded(session)) return false;
    this.#store.hold(session, operator, hold);
    return true;
  }

  async endSession(session: string): Promise<void> {
    this.#store.end(session, now());
    this.#sockets.end(session);
    const peers = peersOf(this.env);
    const workspace = parseWorkspaceOf(this.ctx.id.name ?? "");
    await Promise.all(
      this.#store
        .holds(session)
        .map((hold) =>
          hold.kind === "conversation"
            ? peers.conversation(workspace, hold.id).endSession(session)
            : peers.visitor(workspace, hold.id).endSession(session),
        ),
    );
    this.#store.forgetHolds(session);
    this.#tellOperators();
  }

  async team() {
    const online: OperatorCard[] = [];
    const others: OperatorCard[] = [];
    for (const { isConnected, status, ...card } of this.#operators()) {
      (isConnected && status === "online" ? online : others).push(card);
    }
    const load = new Map<OperatorId, number>();
    for (const operator of this.#busyWith.values())
      load.set(operator, (load.get(operator) ?? 0) + 1);
    return {
      online: online.toSorted((a, b) => (load.get(a.id) ?? 0) - (load.get(b.id) ?? 0)),
      others,
    };
  }

  // What objects tell

  async alert(alert: Alert): Promise<void> {
    if (this.#store.keepAlert(alert)) this.#tell({ t: "alert", alert });
  }

  async conversationChanged(summary: ConversationSummary): Promise<void> {
    const { id, status, assignee } = summary;
    if (status === "open" && assignee !== null) this.#busyWith.set(id, assignee.id);
    else this.#busyWith.delete(id);
    this.#tell({ t: "conversation", summary });
  }

  async linksChanged(visitors: VisitorId[]): Promise<void> {
    this.#tell({ t: "links", visitors });
  }

  async visitorsChanged(present: PresentVisitor[], gone: VisitorId[]): Promise<boolean> {
    const text = JSON.stringify({ t: "visitors", present, gone } satisfies ToInbox);
    const watching = this.#sockets
      .open()
      .filter((socket) => this.#sockets.holder(socket).isOnBoard);
    for (const socket of watching) send(socket, text);
    return watching.length > 0;
  }

  // The platform

  override async fetch(request: Request): Promise<Response> {
    const session = request.headers.get(SOCKET_HEADERS.session);
    const operator = readOperatorHeader(request);
    if (session === null || operator === null || request.headers.get("upgrade") !== "websocket") {
      return new Response(null, { status: 404 });
    }
    const holder: Holder = { key: session, operator: operator.id, looking: null, isOnBoard: false };
    const { response, socket } = this.#sockets.accept(request, holder, OPERATOR_SOCKETS_MAX);
    if (this.#store.isEnded(session)) {
      this.#sockets.shut(socket, CLOSE.ended, "ended");
      return response;
    }
    const known = this.#store.operators().find((one) => one.card.id === operator.id);
    this.#store.keepOperator(operator, known?.status ?? "online");
    const frame: ToInbox = {
      t: "hello",
      operators: this.#operators(),
      looking: this.#looking(),
      alerts: this.#store.alerts(),
    };
    send(socket, JSON.stringify(frame));
    this.#tellOperators();
    return response;
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    if (!this.#sockets.admits(socket, Date.now())) return;
    if (typeof message !== "string") return refuse(socket, "binary_frame");
    const parsed = parseBounded(message, inboxCommand);
    if (!parsed.ok) return refuse(socket, parsed.code, parsed.id, parsed.detail);
    const command = parsed.value;
    const holder = this.#sockets.holder(socket);
    if (command.t === "looking") {
      const next = isId("cnv", command.conversation) ? command.conversation : null;
      this.#sockets.keep(socket, { ...holder, looking: next });
      if (holder.looking !== null && holder.looking !== next) this.#tellLooking(holder.looking);
      if (next !== null) this.#tellLooking(next);
    } else if (command.t === "board") {
      this.#sockets.keep(socket, { ...holder, isOnBoard: command.on });
      if (command.on) await this.#wakeBoard();
    } else if (isId("dlv", command.alert) && this.#store.endAlert(command.alert)) {
      this.#tell({ t: "alert-done", alert: command.alert, by: holder.operator });
    }
    if (command.id !== undefined)
      send(socket, JSON.stringify({ t: "ack", id: command.id } satisfies ToInbox));
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    answerClose(socket, code);
    const { looking } = this.#sockets.holder(socket);
    if (looking !== null) this.#tellLooking(looking);
    this.#tellOperators();
  }

  #operators(): OnlineOperator[] {
    const connected = new Set(
      this.#sockets.open().map((socket) => this.#sockets.holder(socket).operator),
    );
    return this.#store
      .operators()
      .map(({ card, status }) => ({ ...card, status, isConnected: connected.has(card.id) }));
  }

  #looking(): Record<ConversationId, OperatorId[]> {
    const looking: Record<ConversationId, OperatorId[]> = {};
    for (const socket of this.#sockets.open()) {
      const { looking: id, operator } = this.#sockets.holder(socket);
      if (id !== null) looking[id] = [...new Set([...(looking[id] ?? []), operator])];
    }
    return looking;
  }

  #tellLooking(conversation: ConversationId): void {
    this.#tell({ t: "looking", conversation, operators: this.#looking()[conversation] ?? [] });
  }

  #tellOperators(): void {
    this.#tell({ t: "operators", operators: this.#operators() });
  }

  async #wakeBoard(): Promise<void> {
    const workspace = parseWorkspaceOf(this.ctx.id.name ?? "");
    await Promise.all(
      peersOf(this.env)
        .presenceShards(workspace)
        .map((shard) => shard.watch()),
    );
  }

  #tell(frame: ToInbox): void {
    const text = JSON.stringify(frame);
    for (const socket of this.#sockets.open()) send(socket, text);
  }
}
