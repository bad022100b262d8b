import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { visitorName } from "../../protocol/addresses.ts";
import type { Batch } from "../../protocol/facts.ts";
import type { Moments } from "../../protocol/triggers.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { VisitorContract } from "../contracts.ts";
import { peersOf } from "../peers.ts";
import { setClockOffset } from "../runtime/clock.ts";
import { setDefinitions, type Definitions } from "./definitions.ts";
import { freshIds, OLIVIA } from "./sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const TEAM = { online: [OLIVIA], others: [] };

/** A visitor of a workspace with these definitions, who has seen one page. */
export class Guest {
  readonly ids = freshIds();
  readonly stub = bindings.VISITOR.getByName(visitorName(this.ids.workspace, this.ids.visitor));
  #n = 0;
  #offset = 0;

  static async arrive(definitions: Definitions): Promise<Guest> {
    const guest = new Guest();
    const { workspace } = guest.ids;
    await peersOf(bindings).inbox(workspace).operatorChanged(OLIVIA, "online");
    await setDefinitions(bindings.DB, workspace, definitions);
    await guest.boot();
    return guest;
  }

  get object(): VisitorContract {
    return peersOf(bindings).visitor(this.ids.workspace, this.ids.visitor);
  }

  async boot(): Promise<Moments> {
    const { device } = this.ids;
    const batch = this.batch({ type: "page", url: "https://shop.test/" });
    const surroundings = { country: "DE", userAgent: "" };
    const outcome = await this.object.boot({
      device,
      batch,
      client: { timeZone: "Europe/Berlin" },
      surroundings,
    });
    if (outcome.isEnded) throw new Error("the device was just made");
    return outcome.moments;
  }

  batch(...facts: Record<string, unknown>[]) {
    const at = Date.now() + this.#offset;
    const numbered = facts.map((fact): Batch["facts"][number] =>
      JSON.parse(JSON.stringify({ n: ++this.#n, at, ...fact })),
    );
    return { stream: "s", sentAt: at, facts: numbered };
  }

  async does(...facts: Record<string, unknown>[]) {
    return this.object.ingest(this.ids.device, this.batch(...facts));
  }

  track(name: string, props: object = {}) {
    return this.does({ type: "track", name, props });
  }

  async passes(ms: number): Promise<void> {
    this.#offset += ms;
    setClockOffset(this.#offset);
    await this.object.refresh();
  }

  async decides(): Promise<void> {
    await this.object.evaluate(TEAM);
  }

  async deliveries() {
    return (await this.object.deliveries()) ?? [];
  }

  /** What stands in the open conversation. */
  async thread(): Promise<string[]> {
    const card = await this.object.card();
    if (card?.openConversation == null) return [];
    const { workspace } = this.ids;
    const object = peersOf(bindings).conversation(workspace, card.openConversation);
    return (await object.log(0, 100)).flatMap((entry) =>
      entry.type === "message" ? [entry.text] : [],
    );
  }

  async sleeps(): Promise<void> {
    await evictDurableObject(this.stub);
  }
}
