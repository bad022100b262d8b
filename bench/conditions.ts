import type { Condition } from "../protocol/conditions.ts";
import { EVENTS } from "../protocol/facts.ts";

/** Definitions as workspaces have them: most ask two or three things, many of them the same, and few share a value. */
export function conditionNumber(i: number): Condition {
  const plan = { op: "is", value: `plan ${i % 30}` } as const;
  const days = { n: 1 + (i % 30), unit: "day" } as const;
  switch (i % 10) {
    case 0:
      return all(
        { type: "property", key: `key ${i % 60}`, is: { type: "text", test: plan } },
        { type: "seen", which: "last", is: { op: "within", span: days } },
      );
    case 1:
      return all(event(`Event ${i % 400}`, "at_least", 1 + (i % 3)), {
        type: "not",
        of: event(EVENTS.orderCompleted, "at_least", 1),
      });
    case 2:
      return { ...event(`Event ${i % 400}`, "at_least", 1 + (i % 4)), within: days };
    case 3: {
      const is = { type: "text", test: { op: "is", value: `p${i}` } } as const;
      return { ...event(EVENTS.productViewed, "at_least", 1), where: [{ key: "product_id", is }] };
    }
    case 4:
      return all(
        { type: "session_text", field: "page", is: { op: "contains", value: `/page-${i}/` } },
        { type: "session_number", field: "visits", is: { op: "gte", value: 1 + (i % 5) } },
      );
    case 5:
      return all(
        { type: "cart_total", is: { op: "gt", value: 50 * (i % 20) }, currency: "EUR" },
        { type: "cart_changed", is: { op: "before_span", span: { n: 30, unit: "minute" } } },
      );
    case 6:
      return all(
        { type: "orders_total", is: { op: "gt", value: i }, currency: "EUR" },
        { type: "orders_last", is: { op: "before_span", span: days } },
      );
    case 7:
      return all(
        { type: "session_text", field: "utm_campaign", is: { op: "is", value: `campaign ${i}` } },
        { type: "session_text", field: "country", is: { op: "in", values: ["DE", "AT", "CH"] } },
      );
    case 8:
      return {
        type: "event_time",
        name: `Event ${i % 400}`,
        which: "last",
        is: { op: "before_span", span: days },
      };
    default:
      return all(
        { type: "property", key: "age", is: { type: "number", test: { op: "gt", value: i % 80 } } },
        { type: "conversation_answered", is: { op: "within", span: days } },
      );
  }
}

type CountCondition = Extract<Condition, { type: "event" }>;

function event(name: string, op: CountCondition["times"]["op"], n: number): CountCondition {
  return { type: "event", name, times: { op, n } };
}

function all(...of: Condition[]): Condition {
  return { type: "all", of };
}
