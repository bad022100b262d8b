import type { VisibleEntry } from "../../protocol/entries.ts";
import type { ConversationId } from "../../protocol/ids.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { Moment } from "../../protocol/triggers.ts";
import type { OpenConversation } from "../../protocol/visitor-frames.ts";

/** A trigger's chat message as a preview shows it; nothing for a pop-up, which shows itself. `seq` is its number. */
export function entryOf(moment: Moment | undefined, seq: number): VisibleEntry | undefined {
  if (moment?.content.kind !== "chat") return undefined;
  const { delivery, content, from, at } = moment;
  return {
    seq,
    at,
    type: "message",
    author: { kind: "operator", operator: from ?? nobody },
    text: content.text,
    moment: { delivery, content },
  };
}

/** The conversation that a preview's launcher knows of: that one message, unread. */
export function pretended(moment: Moment | undefined, seq: number): OpenConversation | null {
  const entry = entryOf(moment, seq);
  if (!entry || !moment) return null;
  const { text, at } = entry;
  return {
    id: "cnv_preview" as ConversationId, // never leaves this page
    status: "open",
    through: seq,
    read: seq - 1,
    unread: 1,
    waits: 1,
    others: 0,
    preview: { author: moment.from ?? nobody, text, at, seq, delivery: moment.delivery },
    wrote: 0,
    answered: null,
  };
}

const nobody: OperatorCard = {
  id: "opr_preview" as OperatorCard["id"], // never leaves this page
  name: "",
  title: "",
  photo: null,
};
