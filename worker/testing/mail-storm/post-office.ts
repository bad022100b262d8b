import type { MailEvent } from "../../../domain/email/fate.ts";
import type { Dice } from "../../../durable-objects/visitor/testing/storm/dice.ts";
import { newId, type JobId } from "../../../protocol/ids.ts";
import type { ProviderFate } from "../../../protocol/jobs.ts";
import type { EmailTransport, SendOutcome } from "../../email/transport.ts";

const KILLED = new Error("the isolate is gone");

const REFUSED = { state: "rejected", permanent: true, code: "refused" } as const;

/** What becomes of a mail at the other end, and in which order a provider tells of it. */
const ENDS: readonly [weight: number, ProviderFate[]][] = [
  [30, []],
  [35, ["delivered"]],
  [15, ["delayed", "delivered"]],
  [10, ["bounced"]],
  [5, ["delivered", "complained"]],
  [5, ["delayed"]],
];

/** A mail provider that fails in every way, and remembers what it really sent. */
export class PostOffice {
  /** How often each mail really arrived. */
  readonly arrived = new Map<JobId, number>();
  /** Mails that it refused for good. */
  readonly refused = new Set<JobId>();
  readonly events: MailEvent[] = [];
  readonly #hasKeys: boolean;
  readonly #believesKeys: boolean;
  readonly #dice: Dice;
  isStormy = true;

  constructor(dice: Dice, hasKeys: boolean, believesKeys: boolean) {
    this.#dice = dice;
    this.#hasKeys = hasKeys;
    this.#believesKeys = believesKeys;
  }

  /** As the consumer sees it. A throw is the consumer's own death, before the call or after it. */
  transport(): EmailTransport {
    return {
      caps: {
        idempotency: this.#believesKeys ? { windowMs: 24 * 3_600_000 } : null,
        headers: "any",
        ownMessageId: true,
        maxBytes: 5_000_000,
        maxHeaderBytes: 16_000,
      },
      send: async (_mail, job) => this.#send(job),
    };
  }

  #send(job: JobId): SendOutcome {
    // What is wrong with a mail stays wrong with it.
    if (this.refused.has(job)) return REFUSED;
    const mood = this.isStormy
      ? (this.#dice.weighted([
          [50, "well"],
          [10, "dies before"],
          [12, "dies after"],
          [8, "busy"],
          [10, "silent after"],
          [7, "silent before"],
          [3, "refuses"],
        ] as const) ?? "well")
      : "well";
    switch (mood) {
      case "dies before":
        throw KILLED;
      case "busy":
        return { state: "rejected", permanent: false, code: "busy", retryAfterMs: 60_000 };
      case "silent before":
        return { state: "unknown", cause: "TimeoutError" };
      case "refuses":
        if (this.arrived.has(job)) break;
        this.refused.add(job);
        return REFUSED;
      case "well":
      case "dies after":
      case "silent after":
    }
    this.#take(job);
    if (mood === "dies after") throw KILLED;
    if (mood === "silent after") return { state: "unknown", cause: "TimeoutError" };
    return { state: "accepted", providerId: nameOf(job) };
  }

  #take(job: JobId): void {
    const times = this.arrived.get(job) ?? 0;
    if (times > 0 && this.#hasKeys) return;
    this.arrived.set(job, times + 1);
    if (times > 0) return;
    const isHard = this.#dice.chance(0.5);
    for (const fate of this.#dice.weighted(ENDS) ?? [])
      this.events.push({
        provider: this.#hasKeys ? "resend" : "cloudflare",
        id: newId("job", Date.now()),
        providerId: nameOf(job),
        job: this.#hasKeys ? job : null,
        fate,
        isHard: fate === "bounced" && isHard,
        reason: null,
        at: Date.now(),
      });
  }

  /** What was told of one mail. */
  toldOf(job: JobId): MailEvent[] {
    return this.events.filter(({ providerId }) => providerId === nameOf(job));
  }
}

const nameOf = (job: JobId): string => `p-${job}`;
