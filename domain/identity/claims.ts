import { IDENTITY_TRAITS, type Fact } from "../../protocol/facts.ts";
import type { Json } from "../../protocol/json.ts";
import type { IdentifierKind } from "../../protocol/person.ts";
import { normaliseIdentifier } from "./identifiers.ts";

type Claim = { kind: IdentifierKind; value: Json };

/** Whether a fact claims an identifier that is not among those which this person has proven. */
export function isUnproven(
  fact: Fact,
  readVerified: () => readonly { kind: IdentifierKind; value: string }[],
): boolean {
  const claims = claimsOf(fact);
  if (claims.length === 0) return false;
  const verified = readVerified();
  return claims.some(
    ({ kind, value }) =>
      value !== null &&
      (typeof value !== "string" ||
        !verified.some(
          (one) => one.kind === kind && one.value === normaliseIdentifier(kind, value),
        )),
  );
}

/** The identifiers that a fact claims, whichever way it does so. */
function claimsOf(fact: Fact): Claim[] {
  switch (fact.type) {
    case "identify":
      return [
        ...(fact.userId === undefined ? [] : [{ kind: "user_id" as const, value: fact.userId }]),
        ...Object.entries(fact.traits ?? {}).flatMap(([key, value]) => claimOf(key, value)),
      ];
    case "set":
      return fact.ops
        .filter(({ op }) => op !== "remove" && op !== "unset")
        .flatMap(({ key, value }) => claimOf(key, value ?? null));
    case "page":
    case "track":
    case "time":
    case "reaction":
      return [];
  }
}

function claimOf(key: string, value: Json): Claim[] {
  return isIdentityTrait(key) ? [{ kind: IDENTITY_TRAITS[key], value }] : [];
}

function isIdentityTrait(key: string): key is keyof typeof IDENTITY_TRAITS {
  return Object.hasOwn(IDENTITY_TRAITS, key);
}
