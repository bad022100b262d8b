import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Figures } from "./figures.ts";
import type { Storm } from "./firings.ts";
import type { Order } from "./generator.ts";

type Answer = { id: number; result?: unknown; error?: string };

/** The load generator's process, and what is asked of it. */
export class LoadGenerator {
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #orders = 0;

  constructor() {
    this.#child = fork(join(import.meta.dirname, "generator.ts"));
    this.#child.on("message", (answer: Answer) => {
      this.#asked.get(answer.id)?.(answer);
      this.#asked.delete(answer.id);
    });
    this.#child.on("exit", (code) => {
      for (const [id, settle] of this.#asked)
        settle({ id, error: `the load generator ended with ${code}` });
    });
  }

  async open(order: Exclude<Order, { do: "run" | "storm" }>): Promise<void> {
    await this.#ask(order);
  }

  async run(name: string, perSecond: number, seconds: number): Promise<Figures> {
    return (await this.#ask({ do: "run", name, perSecond, seconds })) as Figures; // what `run` answers with
  }

  async storm(order: Omit<Extract<Order, { do: "storm" }>, "do">): Promise<Storm> {
    return (await this.#ask({ do: "storm", ...order })) as Storm; // what `storm` answers with
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    if (!this.#child.connected) return;
    this.#child.disconnect();
    await gone;
  }

  async #ask(order: Order): Promise<unknown> {
    const id = ++this.#orders;
    const answer = await new Promise<Answer>((resolve) => {
      this.#asked.set(id, resolve);
      this.#child.send({ id, order });
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result;
  }
}
