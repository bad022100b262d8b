import { chatSaying, definition, LIMITS, variant } from "../../domain/triggers/testing/samples.ts";
import type { TriggerDefinition } from "../../protocol/triggers.ts";

/** A plain trigger that says something in the chat, changed as said. */
export function triggerDefinition(change: Partial<TriggerDefinition> = {}): TriggerDefinition {
  return definition({
    name: "Cart left behind",
    when: { type: "event", event: "Product Added", where: [] },
    limits: { ...LIMITS, notInConversation: true },
    variants: [
      variant("a", chatSaying("Hello {{ person.first_name | default: 'there' }}, can we help?")),
    ],
    ...change,
  });
}
