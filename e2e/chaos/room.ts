import type { Outgoing, Sending } from "./ledger.ts";
import { keyOf } from "./ledger.ts";
import type { SeenEntry, View } from "./view.ts";
import type { Frame, Wire } from "./wire.ts";
import type { World } from "./world.ts";

/** Refusals that pass: sent again later. Any other refusal of something correct is a finding. */
const PASSING = new Set(["overloaded", "rate_limited", "internal"]);

/** One participant's end of a conversation's socket: resumes, takes what comes, and sends what has no answer yet. */
export class Room {
  readonly view: View;
  readonly outgoing: Outgoing;
  readonly #world: World;
  readonly #name: string;
  #live: Wire | null = null;
  /** The socket that the last message went over. */
  #road: Wire | null = null;
  #resumes = 0;

  constructor(world: World, name: string, view: View, outgoing: Outgoing) {
    this.#world = world;
    this.#name = name;
    this.view = view;
    this.outgoing = outgoing;
  }

  /** The socket that has resumed, if there is one. */
  get live(): Wire | null {
    return this.#live?.isOpen === true ? this.#live : null;
  }

  hear(wire: Wire, frame: Frame): void {
    switch (frame["t"]) {
      case "hello":
        return this.#resume(wire);
      case "entries":
        for (const entry of entriesOf(frame)) this.view.arrived(entry, "the answer to resume");
        if (frame["more"] === true) return this.#resume(wire);
        this.#live = wire;
        return this.sayAgain(wire);
      case "entry":
        if (this.#live !== wire)
          this.#world.findings.add("view", `${this.#name}: an entry before the answer to resume`);
        return this.view.arrived(frame["entry"] as SeenEntry, "the entry"); // checked field by field in the audit
      case "ack": {
        const sending = this.outgoing.find(frame["id"]);
        const seq = frame["seq"];
        if (sending === undefined || typeof seq !== "number") return;
        this.view.acknowledged({
          seq,
          type: sending.type,
          text: sending.text,
          key: keyOf(sending),
        });
        return this.settle(sending, seq);
      }
      case "error":
        return this.refused(frame);
    }
  }

  settle(sending: Sending, seq: number): void {
    this.#world.answers++;
    this.outgoing.settle(sending, seq, this.#world.phase === "load");
  }

  refused(frame: Frame): void {
    if (PASSING.has(String(frame["code"]))) return;
    this.#world.findings.add("refused", `${this.#name}: ${JSON.stringify(frame)}`);
  }

  /** Sends something new. Over another socket than before, what has no answer goes first: that keeps the order. */
  say(wire: Wire, sending: Sending): void {
    if (wire === this.#road) this.#send(wire, sending);
    else this.sayAgain(wire);
  }

  /** Everything that has no answer, in the order of its first sending. */
  sayAgain(wire: Wire): void {
    this.#road = wire;
    for (const sending of this.outgoing.waiting) this.#send(wire, sending);
  }

  #send(wire: Wire, sending: Sending): void {
    if (sending.tries > 0) this.#world.resends++;
    wire.send(this.outgoing.command(sending));
  }

  #resume(wire: Wire): void {
    wire.send({ t: "resume", id: `resume-${++this.#resumes}`, after: this.view.through });
  }
}

function entriesOf(frame: Frame): SeenEntry[] {
  return Array.isArray(frame["entries"]) ? (frame["entries"] as SeenEntry[]) : []; // checked in the audit
}
