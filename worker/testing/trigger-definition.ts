import type { TriggerDefinition } from "../../protocol/triggers.ts";

/** A plain trigger that says something in the chat, changed as said. */
export function triggerDefinition(change: Partial<TriggerDefinition> = {}): TriggerDefinition {
  return {
    name: "Cart left behind",
    when: { type: "event", event: "Product Added", where: [] },
    who: null,
    waitMs: 0,
    limits: {
      repeat: { type: "once" },
      quietHours: null,
      onlyWhenOnline: false,
      notInConversation: true,
      isCapped: true,
      priority: 50,
    },
    holdOut: 0,
    goal: null,
    variants: [
      {
        id: "a",
        name: "A",
        weight: 1,
        action: {
          type: "chat",
          from: { type: "free" },
          text: "Hello {{ person.first_name | default: 'there' }}, can we help?",
          button: null,
          card: null,
        },
      },
    ],
    ...change,
  };
}
