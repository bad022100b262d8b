import type { Random } from "./random.ts";

/** One message or note, and everything that is known of its fate from outside. */
export type Sending = {
  /** `visitor`, or the operator's id. */
  sender: string;
  type: "message" | "note";
  stream: string;
  n: number;
  text: string;
  /** Every number it was acknowledged with: visible ones for visitors, the operators' for operators. */
  acknowledged: number[];
  tries: number;
};

export function keyOf({ stream, n }: Pick<Sending, "stream" | "n">): string {
  return `${stream}:${n}`;
}

/** Everything that was ever sent into one conversation. */
export class Ledger {
  readonly sendings = new Map<string, Sending>();

  acknowledged(): Sending[] {
    return [...this.sendings.values()].filter((sending) => sending.acknowledged.length > 0);
  }
}

/** Share of answers that a client behaves as if it had never got: the network may lose any. */
const ANSWER_LOSS = 0.06;
/** Sent and not acknowledged, at most. */
const IN_FLIGHT_MAX = 8;

/** What one sender has sent into one conversation and has no answer for yet, in the order of sending. */
export class Outgoing {
  readonly #ledger: Ledger;
  readonly #sender: string;
  readonly #random: Random;
  #stream: string;
  #n = 0;
  #waiting: Sending[] = [];

  constructor(ledger: Ledger, sender: string, random: Random) {
    this.#ledger = ledger;
    this.#sender = sender;
    this.#random = random;
    this.#stream = random.word();
  }

  get waiting(): readonly Sending[] {
    return this.#waiting;
  }

  get isFull(): boolean {
    return this.#waiting.length >= IN_FLIGHT_MAX;
  }

  compose(type: Sending["type"], text: string): Sending {
    const n = ++this.#n;
    const sending: Sending = {
      sender: this.#sender,
      type,
      stream: this.#stream,
      n,
      text,
      acknowledged: [],
      tries: 0,
    };
    this.#ledger.sendings.set(keyOf(sending), sending);
    this.#waiting.push(sending);
    return sending;
  }

  /** The command that sends it, or sends it again. */
  command(sending: Sending): Record<string, unknown> {
    sending.tries++;
    const { type, stream, n, text } = sending;
    return { t: type, id: `say-${keyOf(sending)}`, stream, n, text };
  }

  /** The sending that an answer's `id` means. */
  find(id: unknown): Sending | undefined {
    return typeof id === "string" && id.startsWith("say-")
      ? this.#ledger.sendings.get(id.slice(4))
      : undefined;
  }

  settle(sending: Sending, seq: number, mayLose: boolean): void {
    sending.acknowledged.push(seq);
    if (mayLose && this.#random.happens(ANSWER_LOSS)) return;
    this.#waiting = this.#waiting.filter((one) => one !== sending);
  }

  /** Another page load: what has no answer is given up, and may be in the conversation once or not at all. */
  startAnew(): void {
    this.#stream = this.#random.word();
    this.#n = 0;
    this.#waiting = [];
  }
}
