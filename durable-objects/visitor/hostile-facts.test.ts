import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Batch, Rejection } from "../../protocol/facts.ts";
import { EVENT_MAX_BYTES, PROPERTIES_MAX } from "../../protocol/limits.ts";
import type { ObjectBindings } from "../bindings.ts";
import { peersOf } from "../peers.ts";
import { SEGMENT, setDefinitions } from "../testing/definitions.ts";
import { freshIds, OLIVIA } from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's

/** What a page may try to tell, as JSON text: some of it no literal can hold. */
const HOSTILE: [what: string, props: string, code: Rejection["code"] | null][] = [
  ["a key of the prototype", '{"__proto__": {"isAdmin": true}}', "invalid"],
  ["an inherited name", '{"constructor": 1}', "invalid"],
  ["an empty key", '{"": 1}', "invalid"],
  ["a key with a zero", '{"a\\u0000b": 1}', "invalid"],
  ["a key of ten thousand letters", `{"${"a".repeat(10_000)}": 1}`, "invalid"],
  ["one property too many", json(PROPERTIES_MAX + 1), "too_large"],
  ["ten thousand properties", json(10_000), "too_large"],
  ["as many as there may be", json(PROPERTIES_MAX), null],
  ["one byte too many", `{"a":"${"x".repeat(EVENT_MAX_BYTES - 7)}"}`, "too_large"],
  ["as many bytes as there may be", `{"a":"${"x".repeat(EVENT_MAX_BYTES - 8)}"}`, null],
  ["a number beyond all numbers", '{"price": 1e999}', "invalid"],
  ["a lone surrogate", '{"name": "\\ud800 kettle"}', null],
  ["values of every other type", '{"price": {"a": [null, true]}, "name": ["x", 1]}', null],
  ["absurd dates", '{"at": "275760-09-14", "since": "0000-00-00", "n": 8640000000000001}', null],
  ["deep nesting", `{"a": ${"[".repeat(12)}${"]".repeat(12)}}`, null],
];

function json(keys: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, 1])));
}

test("hostile properties are rejected one by one with a code, the rest is kept, and segments go on", async () => {
  const { workspace, visitor: id, device } = freshIds();
  const peers = peersOf(bindings);
  await peers.inbox(workspace).operatorChanged(OLIVIA, "online");
  await setDefinitions(bindings.DB, workspace, {
    segments: {
      [SEGMENT]: {
        type: "any",
        of: [
          {
            type: "event",
            name: "Odd",
            where: [{ key: "price", is: { type: "number", test: { op: "gt", value: 1 } } }],
            times: { op: "at_least", n: 1 },
          },
          { type: "event", name: "Sane", times: { op: "at_least", n: 2 } },
          { type: "property_time", key: "at", is: { op: "within", span: { n: 1, unit: "day" } } },
        ],
      },
    },
  });
  const visitor = peers.visitor(workspace, id);
  const at = Date.now();
  const facts: Batch["facts"] = [
    { type: "page", n: 1, at, url: "https://shop.test/" },
    { type: "track", n: 2, at, name: "Sane", props: {} },
    ...HOSTILE.map(([, props], i): Batch["facts"][number] =>
      JSON.parse(`{"type":"track","n":${i + 3},"at":${at},"name":"Odd","props":${props}}`),
    ),
    { type: "track", n: HOSTILE.length + 3, at, name: "Sane", props: {} },
  ];
  const outcome = await visitor.boot({
    device,
    batch: { stream: "s", sentAt: at, facts },
    client: {},
    surroundings: { country: null, userAgent: "" },
  });
  const expected = HOSTILE.flatMap(([, , code], i) => (code === null ? [] : [{ n: i + 3, code }]));
  expect(outcome).toMatchObject({ through: facts.length, rejected: expected });
  const card = await visitor.card();
  const counted = (name: string) => card?.events.find((one) => one.name === name)?.count;
  expect(counted("Sane")).toBe(2);
  expect(counted("Odd")).toBe(HOSTILE.length - expected.length);
  expect(card?.segments.map((one) => one.id)).toEqual([SEGMENT]);
  expect(({} as Record<string, unknown>)["isAdmin"]).toBeUndefined();
});
