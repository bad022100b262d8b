import { Hono } from "hono";
import { mergeTimelines } from "../../domain/visitors/together.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import { asId, isId, type VisitorId } from "../../protocol/ids.ts";
import { LINKED_MAX, LIST_PAGE_SIZE } from "../../protocol/limits.ts";
import {
  linkInput,
  lookUpQuery,
  togetherQuery,
  type PeopleFound,
  type PersonLinks,
  type TogetherConversations,
  type TogetherTimeline,
} from "../../protocol/linking.ts";
import type { PersonCard } from "../../protocol/person.ts";
import { listConversationsOf } from "../d1/conversations.ts";
import { findPeople } from "../d1/people-found.ts";
import { readLinked, readPersonLinks } from "../d1/person-links.ts";
import { dismissPair, linkVisitors, undoLink, type PairChange } from "../d1/visitor-links.ts";
import { answer } from "./answers.ts";
import { memberOf, type ApiContext, type ApiEnv } from "./api-env.ts";
import { announceLinks } from "./inbox-news.ts";
import { found, json, query } from "./input.ts";
import { readCursor, writeCursor } from "./list-cursor.ts";
import { readTogetherCursor, writeTogetherCursor } from "./together-cursor.ts";

/** Visitors that are linked by hand, seen together. No object hears of a link: it is D1's and the operators' alone. */
export const linkingRoutes = new Hono<ApiEnv>()
  .get("/visitors/search", query(lookUpQuery), async (c) => {
    const people = await findPeople(c.env.DB, memberOf(c).workspace, c.req.valid("query").q);
    const answered: PeopleFound = { people };
    return answer(answered);
  })
  .get("/visitors/:id/links", async (c) => {
    return answer(await linksOf(c, (await cardOf(c, c.get("id"))).id));
  })
  .post("/visitors/:id/links", json(linkInput), async (c) => {
    const change = await pairOf(c, c.req.valid("json").visitor);
    const [one, other] = change.visitors;
    const group = one === other ? [] : await linkVisitors(c.env.DB, change);
    if (group === null)
      throw new CodedError("limit_reached", `At most ${LINKED_MAX} visitors are linked.`);
    await announceLinks(c.env, change.workspace, group);
    return answer(await linksOf(c, one));
  })
  .post("/visitors/:id/links/undo", json(linkInput), async (c) => {
    const change = await pairOf(c, c.req.valid("json").visitor);
    await announceLinks(c.env, change.workspace, await undoLink(c.env.DB, change));
    return answer(await linksOf(c, change.visitors[0]));
  })
  .post("/visitors/:id/links/dismiss", json(linkInput), async (c) => {
    const change = await pairOf(c, c.req.valid("json").visitor);
    await announceLinks(c.env, change.workspace, await dismissPair(c.env.DB, change));
    return answer(await linksOf(c, change.visitors[0]));
  })
  .get("/visitors/:id/together/timeline", query(togetherQuery), async (c) => {
    const { cursor } = c.req.valid("query");
    const position = cursor === undefined ? new Map() : readTogetherCursor(cursor);
    if (position === null) throw new CodedError("invalid", "cursor: not valid");
    const { workspace } = memberOf(c);
    const people = await linkedOf(c);
    const pages = await Promise.all(
      people.map(async (visitor) => {
        const before = position.get(visitor);
        const page =
          before === null
            ? null
            : await peersOf(c.env)
                .visitor(workspace, visitor)
                .timeline(before ?? null);
        return { visitor, page };
      }),
    );
    const { items, next } = mergeTimelines(pages, LIST_PAGE_SIZE);
    const page: TogetherTimeline = { items, nextCursor: next && writeTogetherCursor(next) };
    return answer(page);
  })
  .get("/visitors/:id/together/conversations", query(togetherQuery), async (c) => {
    const { cursor } = c.req.valid("query");
    const after = cursor === undefined ? null : readCursor(cursor);
    if (cursor !== undefined && after === null)
      throw new CodedError("invalid", "cursor: not valid");
    const { workspace } = memberOf(c);
    const people = await linkedOf(c);
    const cards = await Promise.all(
      people.map((visitor) => peersOf(c.env).visitor(workspace, visitor).card()),
    );
    const whose = new Map(
      cards.flatMap((card) => (card?.conversations ?? []).map((id) => [id, card?.id] as const)),
    );
    const list = await listConversationsOf(c.env.DB, workspace, [...whose.keys()], after);
    const page: TogetherConversations = {
      conversations: list.conversations.map((summary) => ({
        visitor: whose.get(summary.id) ?? summary.visitor.id,
        summary,
      })),
      nextCursor: list.last && writeCursor(list.last),
    };
    return answer(page);
  });

async function linksOf(c: ApiContext, visitor: VisitorId): Promise<PersonLinks> {
  return readPersonLinks(c.env.DB, memberOf(c).workspace, visitor);
}

/** Everybody who is seen together with the visitor of the path, who is the first. */
async function linkedOf(c: ApiContext): Promise<VisitorId[]> {
  const { id } = await cardOf(c, c.get("id"));
  return readLinked(c.env.DB, memberOf(c).workspace, id);
}

/** The visitor of the path and another one, as whom they are by now. */
async function pairOf(c: ApiContext, other: string): Promise<PairChange> {
  const member = memberOf(c);
  const [one, two] = await Promise.all([cardOf(c, c.get("id")), cardOf(c, other)]);
  return { workspace: member.workspace, visitors: [one.id, two.id], by: member.id, at: now() };
}

/** The card of a visitor of this workspace, or of whom they were joined into; any other is not there. */
async function cardOf(c: ApiContext, id: string | undefined): Promise<PersonCard> {
  const visitor = isId("vis", id) ? asId("vis", id) : null;
  return found(visitor && (await peersOf(c.env).visitor(memberOf(c).workspace, visitor).card()));
}
