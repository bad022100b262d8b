import type { ProjectDeliveries } from "../../../../protocol/jobs.ts";
import type { TriggerId, WorkspaceId } from "../../../../protocol/ids.ts";
import type { TriggerDefinition } from "../../../../protocol/triggers.ts";
import { drawDefinition, triggerId } from "./definitions.ts";
import type { Dice } from "./dice.ts";
import type { Live } from "./happenings.ts";

/** What the Worker does for the storm: what operators change, and what reads the projections' queue. */
export type Publishing = {
  /** Publishes a new version, or lets the newest go on where there is none. */
  start(workspace: WorkspaceId, id: TriggerId, draft: TriggerDefinition | null): Promise<void>;
  pause(workspace: WorkspaceId, id: TriggerId): Promise<void>;
  project(jobs: ProjectDeliveries[]): Promise<void>;
};

/** The workspace's triggers as operators change them. */
export class Publisher {
  readonly #publishing: Publishing;
  readonly #workspace: WorkspaceId;
  #changes = 0;
  readonly #triggers: { live: Live; isLive: boolean }[];

  constructor(publishing: Publishing, workspace: WorkspaceId, first: TriggerDefinition[]) {
    this.#publishing = publishing;
    this.#workspace = workspace;
    this.#triggers = first.map((definition, index) => ({
      live: { id: triggerId(index), version: 1, change: 0, liveAt: Date.now(), definition },
      isLive: true,
    }));
  }

  get live(): Live[] {
    return this.#triggers.filter((one) => one.isLive).map(({ live }) => live);
  }

  /** A trigger gets a new version, is paused, or goes on. */
  async change(dice: Dice): Promise<void> {
    const index = dice.whole(0, this.#triggers.length - 1);
    const before = this.#triggers[index];
    if (before === undefined) return;
    const isNew = dice.chance(0.5);
    if (!isNew && before.isLive) {
      await this.#publishing.pause(this.#workspace, before.live.id);
      this.#triggers[index] = { ...before, isLive: false };
      return;
    }
    const { id } = before.live;
    const version = before.live.version + (isNew ? 1 : 0);
    const definition = isNew ? drawDefinition(dice, index, version) : before.live.definition;
    await this.#publishing.start(this.#workspace, id, isNew ? definition : null);
    const live = { id, version, change: ++this.#changes, liveAt: Date.now(), definition };
    this.#triggers[index] = { live, isLive: true };
  }

  async consume(jobs: ProjectDeliveries[]): Promise<void> {
    if (jobs.length > 0) await this.#publishing.project(jobs);
  }
}
