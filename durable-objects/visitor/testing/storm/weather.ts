import { vi } from "vitest";
import type { DeliveryId } from "../../../../protocol/ids.ts";
import type { EvaluationJob, ProjectDeliveries } from "../../../../protocol/jobs.ts";
import type { ObjectBindings } from "../../../bindings.ts";
import type { ConversationContract, InboxContract } from "../../../contracts.ts";
import { VisitorStore } from "../../store.ts";
import type { Turn } from "../../turn.ts";
import { Dice } from "./dice.ts";

/** How the next turn that changes firings ends: its row is not written, or is and nothing comes after it. */
export type Fate = "unwritten" | "only written";

/** Faults of the product that the storm has to find. Each is named by what it spoils. */
export type Faults = {
  /** The name under which an effect arrives. */
  nameOf?: (delivery: DeliveryId) => DeliveryId;
  /** What a turn is about to write. */
  spoil?: (store: VisitorStore, turn: Turn) => void;
  /** A projection was accepted by its queue. */
  accepted?: (job: ProjectDeliveries) => void;
};

const { write } = VisitorStore.prototype;
const LOST = new Error("lost on the way");
const ANSWER_LOST = new Error("the answer was lost");
const KILLED = new Error("killed");

/**
 * What happens to the objects of one life: turns that die before or after their row, effects that are lost before they
 * are done or after, when nobody hears that they were, and the queues, which hold what they are sent.
 */
export class Weather {
  readonly evaluations: EvaluationJob[] = [];
  readonly projections: ProjectDeliveries[] = [];
  /** How the next turn that changes firings ends; null for well. */
  fate: Fate | null = null;
  /** While it lasts: in the calm nothing fails. */
  isStormy = true;
  /** Its draws come when pushes happen to run, so they are not the life's own. */
  readonly #dice: Dice;
  readonly #share: number;
  readonly #faults: Faults;

  constructor(bindings: ObjectBindings, seed: number, share: number, faults: Faults) {
    this.#dice = new Dice(seed ^ 0x5f3759df);
    this.#share = share;
    this.#faults = faults;
    vi.spyOn(console, "warn").mockImplementation(() => {}); // pushes that failed
    vi.spyOn(bindings.EVALUATION, "send").mockImplementation(async (job) => {
      this.#mayLose(LOST);
      this.evaluations.push(job);
      return {} as QueueSendResponse; // nobody reads it
    });
    vi.spyOn(bindings.PROJECTION, "send").mockImplementation(async (job) => {
      this.#mayLose(LOST);
      if (job.type === "ProjectDeliveries") {
        this.projections.push(job);
        this.#faults.accepted?.(job);
      }
      return {} as QueueSendResponse; // nobody reads it
    });
    this.#watchWrites();
    this.#spoilEffects(bindings);
  }

  #watchWrites(): void {
    const attempt = (store: VisitorStore, turn: Turn) => this.#write(store, turn);
    vi.spyOn(VisitorStore.prototype, "write").mockImplementation(function (
      this: VisitorStore,
      turn,
    ) {
      return attempt(this, turn);
    });
  }

  #write(store: VisitorStore, turn: Turn) {
    this.#faults.spoil?.(store, turn);
    const fate = turn.draft.changes.has("firings") ? this.fate : null;
    if (fate !== null) this.fate = null;
    if (fate === "unwritten") {
      store.rules.forget();
      throw KILLED;
    }
    const items = write.call(store, turn);
    if (fate === "only written") throw KILLED;
    return items;
  }

  /**
   * Effects fail at the stub that their object holds, not inside the other object: there the runtime would report each
   * one as an exception that nobody caught.
   */
  #spoilEffects({ CONVERSATION, INBOX }: ObjectBindings): void {
    const spoiled = async <Answer>(effect: () => Promise<Answer>): Promise<Answer> => {
      this.#mayLose(LOST);
      const answer = await effect();
      this.#mayLose(ANSWER_LOST);
      return answer;
    };
    const nameOf = this.#faults.nameOf ?? ((id: DeliveryId) => id);
    replaceMethods(CONVERSATION, (stub: ConversationContract) => ({
      deliver: (from, sent) =>
        spoiled(() => stub.deliver(from, { ...sent, delivery: nameOf(sent.delivery) })),
    }));
    replaceMethods(INBOX, (stub: InboxContract) => ({
      alert: (alert) => spoiled(() => stub.alert({ ...alert, id: nameOf(alert.id) })),
    }));
  }

  #mayLose(error: Error): void {
    if (this.isStormy && this.#dice.chance(this.#share)) throw error;
  }
}

/** Every stub of a namespace has these methods instead of its own. */
function replaceMethods<Contract extends object>(
  namespace: DurableObjectNamespace,
  methods: (stub: Contract) => Partial<Contract>,
): void {
  const getByName = namespace.getByName.bind(namespace);
  vi.spyOn(namespace, "getByName").mockImplementation((...args) => {
    const stub = getByName(...args);
    const own = methods(stub as Contract); // the namespace's objects fulfil it
    return new Proxy(stub, {
      get(target, key) {
        const value: unknown = Reflect.get(own, key) ?? Reflect.get(target, key);
        // Called as a method of what is behind the proxy, which knows no other `this`.
        return typeof value === "function"
          ? (...given: unknown[]): unknown => Reflect.apply(value, target, given)
          : value;
      },
    });
  });
}
