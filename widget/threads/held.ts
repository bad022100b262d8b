import type { ListedConversation } from "../../protocol/visitor-frames.ts";

/** The list as far as it is here. `isDeep`: more than its first page. */
export type Held = {
  rows: readonly ListedConversation[];
  next: string | null;
  isDeep: boolean;
};

type Page = { conversations: readonly ListedConversation[]; next: string | null };

/** The list with its first page as it is now: what was further down stays where it is. */
export function withFirst(held: Held | undefined, { conversations, next }: Page): Held {
  if (!held?.isDeep) return { rows: conversations, next, isDeep: false };
  return { ...held, rows: [...conversations, ...without(held.rows, conversations)] };
}

/** The list with one more page. */
export function withMore({ rows }: Held, { conversations, next }: Page): Held {
  return { rows: [...rows, ...without(conversations, rows)], next, isDeep: true };
}

function without(rows: readonly ListedConversation[], others: readonly ListedConversation[]) {
  const ids = new Set(others.map(({ id }) => id));
  return rows.filter(({ id }) => !ids.has(id));
}
