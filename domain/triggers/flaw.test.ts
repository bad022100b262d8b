import { expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import { triggerDefinition, type Action, type TriggerDefinition } from "../../protocol/triggers.ts";
import { READY_MADE_SEGMENTS } from "../segments/ready-made.ts";
import { segmentsIn } from "../segments/references.ts";
import { flawOfTrigger } from "./flaw.ts";
import { previewForSample, previewOf } from "./preview.ts";
import { READY_MADE_TRIGGERS } from "./ready-made.ts";
import { SAMPLE_PERSON } from "./sample-person.ts";
import { ANNA, BELA, chatSaying, definition, LIMITS, popup, variant } from "./testing/samples.ts";

const saying = (action: Action) => definition({ variants: [variant("a", action)] });
const chosen = { from: "chosen", name: "Tea", url: "/tea", imageUrl: null, price: null } as const;
const cardOf = (product: object) =>
  popup({ card: { product: { ...chosen, ...product }, discount: null, code: null } });

test.each<[string, TriggerDefinition, RegExp]>([
  [
    "two variants of one id",
    definition({ variants: [variant("a"), variant("a")] }),
    /^Two variants have the same id\.$/,
  ],
  [
    "quiet hours without an end",
    definition({ limits: { ...LIMITS, quietHours: { from: "09:00", to: "09:00" } } }),
    /Quiet hours/,
  ],
  [
    "a selector that is none",
    definition({ when: { type: "page", page: null, moment: { on: "click", selector: "a{}" } } }),
    /CSS selector/,
  ],
  ["a broken text", saying(chatSaying("{{ code")), /^Variant "Variant a", text: A place is opened/],
  ["a broken heading", saying(popup({ heading: "{% x %}" })), /heading: There is no tag “x”/],
  [
    "a broken alert",
    saying({ type: "alert", text: "{{ a | b }}" }),
    /text: There is no filter “b”/,
  ],
  [
    "a broken button",
    saying(popup({ button: { label: "{{ who }}", url: null } })),
    /button: There is no “who”/,
  ],
  [
    "a broken link",
    saying(popup({ button: { label: "Go", url: "/{{ code" } })),
    /button link: A place is opened/,
  ],
  [
    "a script for a link",
    saying(popup({ button: { label: "Go", url: "javascript:alert({{ code }})" } })),
    /button link: use an https address/,
  ],
  [
    "a host that a value ends",
    saying(popup({ imageUrl: "https://shop.example{{ event.path }}" })),
    /image: use an https address/,
  ],
  ["a script for a product's link", saying(cardOf({ url: "javascript:x" })), /product link: use/],
  [
    "a script for a product's picture",
    saying(cardOf({ imageUrl: "data:x" })),
    /product image: use/,
  ],
  ["a pop-up that says nothing", saying(popup({ heading: "" })), /the pop-up says nothing/],
])("A trigger with %s is refused in plain words", (_, trigger, words) => {
  expect(flawOfTrigger(trigger)?.message).toMatch(words);
});

test("A trigger without a flaw is none", () => {
  expect(flawOfTrigger(definition())).toBeNull();
  expect(flawOfTrigger(saying(cardOf({ imageUrl: "https://shop.example/tea.png" })))).toBeNull();
  const button = { label: "Go", url: "{{ product.url }}" };
  expect(flawOfTrigger(saying(popup({ button })))).toBeNull();
});

test("A broken template is told apart from every other flaw", () => {
  expect(flawOfTrigger(saying(chatSaying("{{")))?.code).toBe("bad_template");
  expect(flawOfTrigger(saying(popup({ heading: "" })))?.code).toBe("invalid");
});

test.each(READY_MADE_TRIGGERS.map((one) => [one.definition.name, one] as const))(
  "The ready-made trigger “%s” can be switched on as it is",
  (_, { definition, stage }) => {
    expect(triggerDefinition.parse(definition)).toEqual(definition);
    expect(flawOfTrigger(definition)).toBeNull();
    expect(READY_MADE_SEGMENTS.map((one) => one.name)).toContain(stage);
    const { when, who } = definition;
    const named = [
      ...(when.type === "segment" ? [when.segment] : []),
      ...(who === null ? [] : segmentsIn(who)),
    ];
    for (const id of named) expect(READY_MADE_SEGMENTS.map((one) => one.id)).toContain(id);
    for (const { action } of definition.variants)
      expect(previewForSample(action, ANNA).problem).toBeNull();
  },
);

test("There is a ready-made trigger for every stage, each under a key and a name of its own", () => {
  const stages = new Set(READY_MADE_TRIGGERS.map((one) => one.stage));
  expect(stages).toEqual(new Set(READY_MADE_SEGMENTS.map((one) => one.name)));
  for (const names of [
    READY_MADE_TRIGGERS.map((one) => one.key),
    READY_MADE_TRIGGERS.map((one) => one.definition.name),
  ])
    expect(new Set(names).size).toBe(READY_MADE_TRIGGERS.length);
});

test("A preview shows what a person would be shown, by whom, or why nothing", () => {
  const team = { online: [], others: [BELA] };
  const hello = previewOf(chatSaying("Hello {{ person.first_name }}"), {
    view: SAMPLE_PERSON,
    team,
  });
  expect(hello).toMatchObject({ content: { text: "Hello Anna" }, from: BELA, problem: null });
  const missing = previewOf(chatSaying("{{ person.nick }}"), { view: SAMPLE_PERSON, team });
  expect(missing).toMatchObject({
    content: null,
    problem: { reason: "missing_value", detail: "person.nick" },
  });
  const nobody = previewOf(chatSaying("Hello"), {
    view: SAMPLE_PERSON,
    team: { online: [], others: [] },
  });
  expect(nobody.problem?.reason).toBe("no_operator");
  expect(previewOf({ type: "alert", text: "Look" }, { view: SAMPLE_PERSON, team })).toMatchObject({
    alert: "Look",
    content: null,
  });
});

test("The sample person has a product for every card", () => {
  for (const from of ["cart", "wishlist", "viewed"] as const) {
    const action = popup({ card: { product: { from }, discount: null, code: null } });
    expect(previewForSample(action, ANNA).content?.card?.name).toBe("Copper kettle");
  }
  const gone = { type: "operator", operator: asId("opr", "opr_else") } as const;
  expect(previewForSample(popup({ from: gone }), ANNA).from?.id).toBe("opr_else");
});
