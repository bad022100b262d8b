import type { VisitorDraft } from "./state.ts";

/** What somebody who writes by email says of themselves. An address that is known already stays. */
export function applyMail(
  draft: VisitorDraft,
  { address, name }: { address: string; name: string },
  at: number,
): void {
  const claims = draft.get("claims") ?? {};
  draft.set("claims", {
    ...claims,
    email: claims.email ?? address,
    ...(name === "" || claims.name !== undefined ? {} : { name }),
  });
  const seen = draft.get("seen");
  draft.set("seen", {
    firstAt: Math.min(seen?.firstAt ?? at, at),
    lastAt: Math.max(seen?.lastAt ?? at, at),
    sessions: seen?.sessions ?? 0,
    firstSource: seen === undefined ? "Email" : seen.firstSource,
  });
}
