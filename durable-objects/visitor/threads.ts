import { idsOf, totalsOf } from "../../domain/visitors/conversation-list.ts";
import { CodedError } from "../../protocol/errors.ts";
import {
  isId,
  newId,
  type ConversationId,
  type DeviceId,
  type VisitorId,
  type WorkspaceId,
} from "../../protocol/ids.ts";
import { FIRST_MESSAGE_BURST, FIRST_MESSAGE_RATE_PER_MINUTE } from "../../protocol/limits.ts";
import type { VisitorLabel } from "../../protocol/conversation-frames.ts";
import type { OpenConversation } from "../../protocol/visitor-frames.ts";
import type { MailBeginning, ReceivedMessage } from "../contracts.ts";
import type { Peers } from "../peers.ts";
import { now } from "../runtime/clock.ts";
import { threadLabel } from "./card.ts";
import type { HeldDelivery } from "../contracts.ts";
import { putIntoThread, type EffectHost } from "./effects.ts";
import type { PageMessage } from "./pages.ts";
import type { VisitorStore } from "./store.ts";

export type ThreadHost = {
  workspace: WorkspaceId;
  visitor: VisitorId;
  store: VisitorStore;
  peers: Peers;
  isEnded(device: DeviceId): boolean;
  /** A conversation was opened. */
  opened(): void;
  /** The person has answered a delivery. */
  answered(delivery: HeldDelivery): void;
};

type Received = ReceivedMessage & { conversation: ConversationId };

/** The visitor's conversations: which one is open, and what goes into it from here. */
export class VisitorThreads {
  readonly #host: ThreadHost;
  #lastReceived: Promise<unknown> = Promise.resolve();

  constructor(host: ThreadHost) {
    this.#host = host;
  }

  current(): OpenConversation | null {
    const { conversations } = this.#host.store;
    const held = conversations.list.find((one) => one.state.id === conversations.open);
    return held === undefined ? null : { ...held.state, ...totalsOf(conversations) };
  }

  ids(): ConversationId[] {
    return idsOf(this.#host.store.conversations);
  }

  /** The open conversation, made and begun if there is none. */
  async begun(by: "visitor" | "operator" | "trigger"): Promise<ConversationId> {
    const conversation = this.#ensureOpen(by);
    const { workspace, store, peers } = this.#host;
    const isHeard = store.conversations.list.some(
      (one) => one.state.id === conversation && one.version > 0,
    );
    if (!isHeard) await peers.conversation(workspace, conversation).begin(this.#label());
    return conversation;
  }

  /** Makes a conversation that somebody started by email; done again it changes nothing. */
  async beginMail(conversation: ConversationId, beginning: MailBeginning): Promise<void> {
    const { workspace, peers } = this.#host;
    await peers.conversation(workspace, conversation).begin(this.#label(), beginning);
  }

  /**
   * A message to the open conversation, which is started if there is none, or to another one that it names. Messages wait
   * for one another, or one that needs no beginning any more would overtake those before it; when one fails, those that
   * wait behind it fail too.
   * @param network Where it comes from: a new conversation asks the throttle of that part of the network.
   * @throws CodedError `rate_limited` when too many conversations start there; `not_found` for one that is not theirs.
   */
  receive(device: DeviceId, network: string, message: PageMessage): Promise<Received> {
    const received = this.#lastReceived.then(() => this.#pass(device, network, message));
    this.#lastReceived = received;
    return received.finally(() => {
      if (this.#lastReceived === received) this.#lastReceived = Promise.resolve();
    });
  }

  /** What carries out deliveries needs of this visitor. */
  get effects(): EffectHost {
    const { workspace, store, peers } = this.#host;
    return {
      workspace,
      store,
      peers,
      label: () => this.#label(),
      begun: (by) => this.begun(by),
      now,
    };
  }

  async #pass(
    device: DeviceId,
    network: string,
    { delivery, conversation: named, ...message }: PageMessage,
  ): Promise<Received> {
    const { workspace, store, peers, isEnded, answered } = this.#host;
    if (named !== undefined && delivery === undefined && named !== store.conversations.open)
      return this.#passTo(named, device, message);
    if (!(await this.#mayWrite(network))) throw new CodedError("rate_limited");
    if (isEnded(device)) throw new CodedError("ended");
    const conversation = await this.begun("visitor");
    const object = peers.conversation(workspace, conversation);
    const sent = delivery === undefined ? null : this.#sent(delivery);
    if (sent === null) return { ...(await object.receive(device, message)), conversation };
    // What is answered stands in the thread before its answer.
    await putIntoThread(this.effects, sent);
    const received = await object.receive(device, { ...message, answers: sent.id });
    if (received.ok) answered(sent);
    return { ...received, conversation };
  }

  /** By what it tells, the conversation becomes the open one. */
  async #passTo(named: string, device: DeviceId, message: PageMessage): Promise<Received> {
    const { workspace, peers, isEnded } = this.#host;
    const conversation = this.ids().find((id) => id === named);
    if (conversation === undefined) throw new CodedError("not_found");
    if (isEnded(device)) throw new CodedError("ended");
    const received = await peers.conversation(workspace, conversation).receive(device, message);
    return { ...received, conversation };
  }

  /** Something that was sent to this person and has words. */
  #sent(delivery: string): HeldDelivery | null {
    if (!isId("dlv", delivery)) return null;
    const held = this.#host.store.turn(now()).deliveries.get(delivery);
    return held === null || held.content === null ? null : held;
  }

  /** A message always may go to an open conversation; a new one asks the throttle. */
  async #mayWrite(network: string): Promise<boolean> {
    const { workspace, store, peers } = this.#host;
    if (store.conversations.open !== null) return true;
    return peers
      .throttle(workspace, network)
      .take("first-message", FIRST_MESSAGE_BURST, FIRST_MESSAGE_RATE_PER_MINUTE);
  }

  #ensureOpen(by: "visitor" | "operator" | "trigger"): ConversationId {
    const { store, opened } = this.#host;
    const { open } = store.conversations;
    if (open !== null) return open;
    const id = newId("cnv", now());
    store.openConversation(id, by, now());
    opened();
    return id;
  }

  #label(): VisitorLabel {
    return threadLabel(this.#host.visitor, this.#host.store);
  }
}
