import type { IdentifierKind } from "../../protocol/person.ts";
import type { VisitorDraft } from "../visitors/state.ts";

export type KnownAs = {
  name: string | null;
  email: string | null;
  phone: string | null;
  userId: string | null;
};

/** What a person is called: the newest identifier of a kind that they have proven, and without one what was claimed. */
export function knownAs(draft: VisitorDraft): KnownAs {
  const claims = draft.get("claims") ?? {};
  const proven = (kind: IdentifierKind) =>
    draft.get("verified")?.find((one) => one.kind === kind)?.value;
  return {
    name: claims.name ?? null,
    email: proven("email") ?? claims.email ?? null,
    phone: proven("phone") ?? claims.phone ?? null,
    userId: proven("user_id") ?? claims.userId ?? null,
  };
}
