import type * as limits from "../protocol/limits.ts";

/** The protocol's numbers that the chat needs. Their types are taken from there, so a change there fails here. */
export const MESSAGE_TEXT_MAX: typeof limits.MESSAGE_TEXT_MAX = 8_000;
export const TYPING_SHOWN_MS: typeof limits.TYPING_SHOWN_MS = 5_000;
export const CODE_DIGITS: typeof limits.CODE_DIGITS = 6;
export const CODE_LIFETIME_MS: typeof limits.CODE_LIFETIME_MS = 600_000;
export const CODE_PAUSE_MS: typeof limits.CODE_PAUSE_MS = 30_000;
export const HANDOVER_KEYS_MAX: typeof limits.HANDOVER_KEYS_MAX = 8;
