import { hasOwn } from "../../domain/identity/continuing.ts";
import type { DeviceId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import type { Admission, LinkOrigin, Passage, Standing } from "../contracts.ts";
import type { Peers } from "../peers.ts";
import { now } from "../runtime/clock.ts";
import { deviceRecord } from "./device-record.ts";
import type { VisitorIdentity } from "./identity.ts";
import type { VisitorStore } from "./store.ts";

type LinksHost = {
  workspace: WorkspaceId;
  visitor: VisitorId;
  store: VisitorStore;
  peers: Peers;
  identity: VisitorIdentity;
};

/** What links that go on elsewhere may do here. Which of them are used, and by whom, D1 knows. */
export class VisitorLinks {
  readonly #host: LinksHost;

  constructor(host: LinksHost) {
    this.#host = host;
  }

  /** A link of the chat ends with the right that made it; one of a mail leads on to whoever this visitor was joined into. */
  async leadsTo(link: LinkOrigin): Promise<VisitorId | null> {
    const { workspace, visitor, store, peers, identity } = this.#host;
    if (link.device === null && store.joined !== null)
      return peers.visitor(workspace, store.joined.into).leadsTo(link);
    return identity.isOpenedBy(link) ? visitor : null;
  }

  async standing(device: DeviceId, to: VisitorId): Promise<Standing> {
    const { workspace, store, peers, identity } = this.#host;
    const { moved } = store.device(device) ?? {};
    if (moved === undefined || moved.isAnotherPerson) return this.#standingHere(device, to);
    await identity.arrived(device);
    return peers.visitor(workspace, moved.visitor).standing(moved.device, to);
  }

  /** Looked at again in the turn that seals the device: a conversation may have begun meanwhile. */
  async goOn(device: DeviceId, to: VisitorId, passage: Passage): Promise<Standing> {
    const { workspace, store, peers, identity } = this.#host;
    const { moved } = store.device(device) ?? {};
    if (moved !== undefined && moved.device !== passage.device)
      return peers.visitor(workspace, moved.visitor).goOn(moved.device, to, passage);
    const standing = moved === undefined ? this.#standingHere(device, to) : "free";
    if (standing === "free") await identity.goOn(device, to, passage);
    return standing;
  }

  #standingHere(device: DeviceId, to: VisitorId): Standing {
    const { visitor, store } = this.#host;
    if (store.device(device)?.status !== "active") return "ended";
    if (visitor === to) return "here";
    return hasOwn({ ...this.#known, conversations: store.conversations }) ? "own" : "free";
  }

  async admit(admission: Admission): Promise<{ visitor: VisitorId; device: DeviceId } | null> {
    const { workspace, visitor, store, peers, identity } = this.#host;
    if (store.joined !== null) return peers.visitor(workspace, store.joined.into).admit(admission);
    const { client, surroundings, ...passage } = admission;
    const record = deviceRecord(null, now(), client, surroundings);
    return (await identity.admit(passage, record)) ? { visitor, device: passage.device } : null;
  }

  get #known() {
    const draft = this.#host.store.draft();
    return {
      verified: [...(draft.get("verified") ?? []), ...(draft.get("claiming") ?? [])],
      proving: draft.get("proving") ?? [],
    };
  }
}
