declare const __FAULT__: string | undefined;

/**
 * A fault seeded at build time, so that the kill test can prove that it would notice one: "ack-before-write",
 * "no-dedupe" or "cursor-before-effect". Empty in every build that is deployed, which never runs its branches.
 */
export const FAULT: string = typeof __FAULT__ === "string" ? __FAULT__ : "";
