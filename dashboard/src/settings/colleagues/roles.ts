import type { OperatorRole } from "../../../../protocol/operators.ts";

export const ROLES: Record<OperatorRole, string> = {
  owner: "Owner",
  admin: "Admin",
  agent: "Agent",
};

/** What a role may do, in one line. */
export const ROLE_WORDS: Record<Exclude<OperatorRole, "owner">, string> = {
  agent: "Answers people",
  admin: "Answers people, changes settings, invites",
};
