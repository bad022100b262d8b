import { expect, test } from "vitest";
import { asId } from "../../../protocol/ids.ts";
import type { Alert } from "../../../protocol/inbox-frames.ts";
import { createAlerts } from "./alerts.ts";

const alert = (name: string): Alert => ({
  id: asId("dlv", `dlv_${name}`),
  at: 0,
  visitor: { id: asId("vis", "vis_1"), name: "Ada", placeholder: "Quiet Heron", email: null },
  text: "Looks at kettles for the third time",
  trigger: asId("trg", "trg_1"),
  triggerName: "Third look",
});

function inbox() {
  const told: string[] = [];
  const alerts = createAlerts((id) => told.push(id));
  const came: string[] = [];
  alerts.onNew(({ id }) => came.push(id));
  return { alerts, told, came, shown: () => alerts.list.get().map(({ id }) => id) };
}

test("alerts that waited before the tab was opened are listed and not announced", () => {
  const { alerts, came, shown } = inbox();
  alerts.hello([alert("b"), alert("a")]);
  expect(shown()).toEqual(["dlv_b", "dlv_a"]);
  expect(came).toEqual([]);
});

test("a new alert stands first and is announced once, also when it is told twice", () => {
  const { alerts, came, shown } = inbox();
  alerts.hello([alert("a")]);
  alerts.came(alert("b"));
  alerts.came(alert("b"));
  expect(shown()).toEqual(["dlv_b", "dlv_a"]);
  expect(came).toEqual(["dlv_b"]);
});

test("what came and what went while the connection was lost is known after it", () => {
  const { alerts, came, shown } = inbox();
  const gone: string[] = [];
  alerts.onGone((id) => gone.push(id));
  alerts.hello([alert("b"), alert("a")]);
  alerts.hello([alert("c"), alert("a")]);
  expect(shown()).toEqual(["dlv_c", "dlv_a"]);
  expect({ came, gone }).toEqual({ came: ["dlv_c"], gone: ["dlv_b"] });
});

test("an alert that one has dealt with stays away until the server has heard of it", () => {
  const { alerts, told, came, shown } = inbox();
  alerts.hello([alert("a")]);
  alerts.done(alert("a").id);
  expect(shown()).toEqual([]);
  alerts.hello([alert("a")]);
  alerts.came(alert("a"));
  expect(shown()).toEqual([]);
  expect(told).toEqual(["dlv_a", "dlv_a"]);
  alerts.gone(alert("a").id);
  expect(came).toEqual([]);
});

test("what a colleague has dealt with goes away here too", () => {
  const { alerts, shown } = inbox();
  alerts.hello([alert("b"), alert("a")]);
  alerts.gone(alert("b").id);
  alerts.gone(alert("b").id);
  expect(shown()).toEqual(["dlv_a"]);
});
