import type { OperatorId } from "../../../protocol/ids.ts";
import type { SystemLine } from "./entry-blocks.ts";

/** What happened to a conversation, as one short sentence. @param timeOf The time of day in words. */
export function changeWords(
  entry: SystemLine["entry"],
  me: OperatorId,
  visitorName: string,
  timeOf: (at: number) => string,
): string {
  const who = (operator: { id: OperatorId; name: string }): string =>
    operator.id === me ? "You" : operator.name;
  switch (entry.type) {
    case "closed":
      return `${who(entry.by)} closed the conversation`;
    case "reopened":
      return `${entry.by.kind === "visitor" ? visitorName : who(entry.by.operator)} reopened the conversation`;
    case "braked":
      return `Too many mails came in a short time. Further ones are sent back until ${timeOf(entry.until)}`;
    case "assigned": {
      const by = who(entry.by);
      if (entry.to === null) return `${by} put the conversation back for anybody`;
      if (entry.to.id === entry.by.id) return `${by} took the conversation`;
      return `${by} transferred the conversation to ${entry.to.id === me ? "you" : entry.to.name}`;
    }
  }
}
