import { Hono } from "hono";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import { asId, isId, newId } from "../../protocol/ids.ts";
import {
  acceptInvitationInput,
  createWorkspaceInput,
  selectWorkspaceInput,
  type Me,
} from "../../protocol/operator-api.ts";
import { DEFAULT_WIDGET, originPattern } from "../../protocol/settings.ts";
import { acceptInvitation, listInvitationsOf } from "../d1/invitations.ts";
import {
  countOwned,
  createWorkspace,
  listMemberships,
  operatorCard,
  type OperatorRow,
} from "../d1/operators.ts";
import { personOf, type ApiEnv } from "./api-env.ts";
import { writeWorkspaceWish } from "./cookies.ts";
import { announceOperator } from "./inbox-news.ts";
import { found, json } from "./input.ts";

/** Workspaces that one person may own. */
const OWNED_WORKSPACES_MAX = 20;

export const workspaceRoutes = new Hono<ApiEnv>()
  .get("/me", async (c) => {
    const person = personOf(c);
    const membership = c.get("standing")?.membership ?? null;
    const [workspaces, invitations] = await Promise.all([
      listMemberships(c.env.DB, person.userId),
      listInvitationsOf(c.env.DB, person.email, now()),
    ]);
    const me: Me = {
      email: person.email,
      workspace: membership?.workspace ?? null,
      operator: membership && {
        ...operatorCard(membership.operator),
        role: membership.operator.role,
        status: membership.operator.status,
      },
      workspaces: workspaces.map(({ id, name, role }) => ({ id, name, role })),
      invitations,
    };
    return c.json(me);
  })
  .post("/workspaces", json(createWorkspaceInput), async (c) => {
    const person = personOf(c);
    const input = c.req.valid("json");
    const origin = originOf(input.site);
    if (origin === null) throw new CodedError("invalid", "site: not the address of a site");
    if ((await countOwned(c.env.DB, person.userId)) >= OWNED_WORKSPACES_MAX)
      throw new CodedError("limit_reached");
    const at = now();
    const workspace = newId("wsp", at);
    const owner: OperatorRow = {
      workspaceId: workspace,
      id: newId("opr", at),
      userId: person.userId,
      name: input.operatorName,
      title: "",
      photo: null,
      role: "owner",
      status: "online",
      email: person.email,
      createdAt: at,
      removedAt: null,
    };
    await createWorkspace(
      c.env.DB,
      {
        id: workspace,
        name: input.name,
        siteKey: newSiteKey(),
        widget: DEFAULT_WIDGET,
        hours: null,
        origins: [origin],
        version: 1,
        createdAt: at,
      },
      owner,
    );
    await announceOperator(c.env, owner);
    writeWorkspaceWish(c, workspace);
    return c.json({ id: workspace });
  })
  .post("/workspace", json(selectWorkspaceInput), async (c) => {
    const { workspace } = c.req.valid("json");
    const memberships = await listMemberships(c.env.DB, personOf(c).userId);
    if (!isId("wsp", workspace) || !memberships.some(({ id }) => id === workspace))
      throw new CodedError("not_found");
    writeWorkspaceWish(c, workspace);
    return c.json({});
  })
  .post("/invitations/:id/accept", json(acceptInvitationInput), async (c) => {
    const person = personOf(c);
    const at = now();
    const operator = await acceptInvitation(
      c.env.DB,
      {
        invitation: asId("inv", found(c.get("id"))),
        userId: person.userId,
        email: person.email,
        name: c.req.valid("json").name,
        operator: newId("opr", at),
      },
      at,
    );
    if (operator === null) throw new CodedError("not_found");
    await announceOperator(c.env, operator);
    writeWorkspaceWish(c, operator.workspaceId);
    return c.json({});
  });

/** A public key for a site's snippet: 100 random bits. */
function newSiteKey(): string {
  const letters = "0123456789abcdefghjkmnpqrstvwxyz";
  const random = crypto.getRandomValues(new Uint8Array(20));
  return `pk_${Array.from(random, (byte) => letters.charAt(byte % 32)).join("")}`;
}

/** The origin that a person means by "example.com" or "https://example.com/shop"; null when it is none. */
export function originOf(site: string): string | null {
  const address = /^https?:\/\//i.test(site) ? site : `https://${site}`;
  if (!URL.canParse(address)) return null;
  const { origin } = new URL(address);
  return originPattern.safeParse(origin).success ? origin : null;
}
