import { definition, popup, UNLIMITED, variant } from "../domain/triggers/testing/samples.ts";
import type { Condition } from "../protocol/conditions.ts";
import type { TriggerDefinition, When } from "../protocol/triggers.ts";
import { Operator } from "./load/shop.ts";

/** Saves segments in a product's demo workspace, as an operator would. */
export async function saveSegments(url: string, conditions: Condition[]): Promise<void> {
  const operator = await Operator.signIn(url);
  for (const [index, condition] of conditions.entries()) {
    const words = { name: `Bench ${index}`, description: "" };
    await operator.call("POST", "/api/segments", { ...words, condition });
  }
}

/** Switches a pop-up on for everybody, every time. */
export async function switchOnPopup(url: string, when: When): Promise<void> {
  const operator = await Operator.signIn(url);
  const answer = await operator.call("POST", "/api/triggers", { definition: popupOn(when) });
  const { id } = (await answer.json()) as { id: string }; // declared in the protocol
  await operator.call("POST", `/api/triggers/${id}/status`, { status: "live" });
}

/** A pop-up as shops have them: a person who speaks, words of this person's own, a button, a field for an answer. */
function popupOn(when: When): TriggerDefinition {
  const action = popup({
    heading: 'Hello {{ person.first_name | default: "there" }}',
    text: "Which of our kettles are you looking for?",
    button: { label: "Show me all", url: "/kettles" },
  });
  const name = `Bench: ${when.type}`;
  return definition({ name, when, limits: UNLIMITED, variants: [variant("a", action)] });
}
