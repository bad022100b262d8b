import type { Occurrence } from "../../domain/segments/person-view.ts";
import type { StoredItem } from "../../domain/visitors/apply-fact.ts";
import { VisitorDraft } from "../../domain/visitors/state.ts";
import type { Json } from "../../protocol/json.ts";
import type { Journal } from "../runtime/journal.ts";
import { DeliveryDraft } from "./deliveries.ts";

/** One synchronous decision: what it reads and changes, until all of it is written as one. */
export class Turn {
  readonly now: number;
  readonly draft: VisitorDraft;
  readonly deliveries: DeliveryDraft;
  /** Lines of the timeline. */
  readonly items: StoredItem[] = [];
  /** Events among them. */
  readonly occurrences: Occurrence[] = [];
  /** Sets off nothing: what it brings happened to this person elsewhere, and was acted on there. */
  isQuiet = false;
  /** What the person is called is told again to whoever shows it. */
  isIntroduced = false;
  /** Changes under keys that are nobody's but the writer's. */
  readonly changes = new Map<string, Json>();

  constructor(journal: Journal, sql: SqlStorage, now: number) {
    this.now = now;
    this.draft = new VisitorDraft(journal);
    this.deliveries = new DeliveryDraft(sql);
  }

  get isEmpty(): boolean {
    return (
      this.items.length === 0 &&
      this.draft.changes.size === 0 &&
      this.changes.size === 0 &&
      !this.deliveries.hasChanged
    );
  }
}
