import * as z from "zod";

/** Where a person is answered by mail, and what they have chosen about it. */

/** Longest address that mails go to (RFC 5321 section 4.5.3.1.3). */
export const CONTACT_ADDRESS_MAX = 254;
/** Changes of one device within CONTACT_CHANGES_WINDOW_MS. */
export const CONTACT_CHANGES_MAX = 20;
export const CONTACT_CHANGES_WINDOW_MS = 3_600_000;

/** As a person's own chat knows it. */
export type Contact = {
  /** What they have proven, or else what they typed into the chat. Null while there is neither. */
  address: string | null;
  /** Whether the address is proven to be theirs. */
  isProven: boolean;
  /** They were asked for one and do not want to give it. */
  isDeclined: boolean;
  /** A mail went there with a code that proves it. */
  hasCode: boolean;
  /** Everything that operators write goes there, also what is read in the chat. */
  isEverything: boolean;
};

/** As a conversation and its operators know it. */
export type ContactRoute = Pick<Contact, "isProven" | "isEverything"> & { address: string };

/** What a workspace does by mail in its chats. */
export type ChatMail = {
  /** After how long a message that nobody has answered brings the question for an address; null for never. */
  askAfterMs: number | null;
};

const token = z.string().max(512);
/** What a mail can be sent to. */
const address = z
  .string()
  .trim()
  .max(CONTACT_ADDRESS_MAX)
  .regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$/);

/** `POST /v1/contact`: one of the person's choices. */
export const contactRequest = z.union([
  z.strictObject({ token, address }),
  z.strictObject({ token, isDeclined: z.literal(true) }),
  z.strictObject({ token, isEverything: z.boolean() }),
]);
export type ContactChange = { address: string } | { isDeclined: true } | { isEverything: boolean };
export type ContactResponse = { contact: Contact };
