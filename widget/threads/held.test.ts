import { describe, expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import type { ListedConversation } from "../../protocol/visitor-frames.ts";
import { withFirst, withMore } from "./held.ts";

const row = (name: string, text = name): ListedConversation => ({
  id: asId("cnv", `cnv_${name}`),
  status: "open",
  unread: 0,
  last: { at: 1, text, isOwn: true },
  operator: null,
  mail: null,
  isJoined: false,
});
const page = (names: string, next: string | null) => ({
  conversations: Array.from(names, (name) => row(name)),
  next,
});
const names = ({ rows }: { rows: readonly ListedConversation[] }) =>
  rows.map(({ id }) => id.slice(4)).join("");

describe("the list as far as it is held", () => {
  test("is its first page, whichever came last, until there is more", () => {
    const first = withFirst(undefined, page("ab", "after b"));
    expect(first).toMatchObject({ next: "after b", isDeep: false });
    expect(names(withFirst(first, page("cab", null)))).toBe("cab");
    expect(names(withFirst(first, page("a", null)))).toBe("a");
  });

  test("goes on with the next page, whose rows count once", () => {
    const deep = withMore(withFirst(undefined, page("ab", "after b")), page("bcd", "after d"));
    expect(names(deep)).toBe("abcd");
    expect(deep.next).toBe("after d");
  });

  test("keeps what is further down when the first page comes anew, and each row as it is now", () => {
    const deep = withMore(withFirst(undefined, page("ab", "after b")), page("cd", "after d"));
    const anew = withFirst(deep, { conversations: [row("d", "news"), row("a")], next: "after a" });
    expect(names(anew)).toBe("dabc");
    expect(anew.rows[0]?.last.text).toBe("news");
    expect(anew.next).toBe("after d");
  });
});
