import { median } from "../median.ts";
import type { Figures } from "./figures.ts";
import { pace } from "./pace.ts";
import { bootVisitor, openChat, openPage, Operator } from "./shop.ts";
import { ClientSocket } from "./socket.ts";

const TEXT = "Do you have the cast-iron teapot in green, and would it be here before Friday?";
const DELIVERY_TIMEOUT_MS = 10_000;

type Open = (
  url: string,
  conversations: number,
  heard: (text: string) => void,
) => Promise<ClientSocket[]>;

/** Conversations of one visitor and one operator each; visitors write, and what reaches the operators is timed. */
export class ChatLoad {
  readonly #visitors: ClientSocket[];
  readonly #numbers: number[];
  readonly #underWay: Map<string, number>;
  #delays: number[];

  private constructor(visitors: ClientSocket[], underWay: Map<string, number>, delays: number[]) {
    this.#visitors = visitors;
    this.#numbers = visitors.map(() => 0);
    this.#underWay = underWay;
    this.#delays = delays;
  }

  static async open(
    kind: "floor" | "product",
    url: string,
    conversations: number,
  ): Promise<ChatLoad> {
    const underWay = new Map<string, number>();
    const delays: number[] = [];
    const open: Open = kind === "floor" ? openFloor : openProduct;
    const visitors = await open(url, conversations, (text) => {
      const marker = markerIn(text);
      const sentAt = marker === undefined ? undefined : underWay.get(marker);
      if (marker === undefined || sentAt === undefined) return;
      underWay.delete(marker);
      delays.push(performance.now() - sentAt);
    });
    return new ChatLoad(visitors, underWay, delays);
  }

  /** Sends at an even pace and waits until every message has arrived. */
  async run(perSecond: number, seconds: number): Promise<Figures> {
    this.#delays.length = 0;
    const messages = await pace(perSecond, seconds, (index) =>
      this.#write(index % this.#visitors.length),
    );
    const deadline = performance.now() + DELIVERY_TIMEOUT_MS;
    while (this.#underWay.size > 0) {
      if (performance.now() > deadline)
        throw new Error(`${this.#underWay.size} messages never arrived`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { units: messages, p50Ms: median(this.#delays) };
  }

  #write(lane: number): void {
    const n = (this.#numbers[lane] = (this.#numbers[lane] ?? 0) + 1);
    const marker = `<${lane}:${n}>`;
    this.#underWay.set(marker, performance.now());
    this.#visitors[lane]?.send(
      JSON.stringify({ t: "message", id: `m${n}`, stream: "bench", n, text: `${marker} ${TEXT}` }),
    );
  }
}

/** The message's mark, found without parsing: the load generator shares the machine with what it measures. */
function markerIn(text: string): string | undefined {
  return /<\d+:\d+>/.exec(text)?.[0];
}

const openFloor: Open = async (url, conversations, heard) => {
  const visitors: ClientSocket[] = [];
  for (let lane = 0; lane < conversations; lane++) {
    const room = new URL(`/room-${lane}`, url);
    await ClientSocket.open(room, {}, heard);
    visitors.push(await ClientSocket.open(room));
  }
  return visitors;
};

const openProduct: Open = async (url, conversations, heard) => {
  const operator = await Operator.signIn(url);
  await operator.openInbox();
  const visitors: ClientSocket[] = [];
  for (let lane = 0; lane < conversations; lane++) {
    const visitor = await bootVisitor(url, lane);
    const conversation = await operator.conversationWith(visitor);
    await operator.openConversation(conversation, heard);
    const page = await openPage(url, visitor);
    visitors.push(await openChat(url, page, conversation));
  }
  return visitors;
};
