import { IDENTIFIER_MAX } from "../../protocol/limits.ts";
import type { IdentifierKind } from "../../protocol/person.ts";

const EMAIL_MAX = 254;
const UNWRITABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const PHONE_DECORATION = /[ ().\-/]/g;
/** E.164: a plus, then 7 to 15 digits of which the first is not 0. */
const PHONE = /^\+[1-9][0-9]{6,14}$/;

/**
 * The one way in which an identifier is written; two identifiers are the same only if this gives the same text.
 * - `user_id`: as it is. With white space at an end it is none.
 * - `email`: white space around it goes, and A to Z become small. Nothing else: dots, tags behind a plus, and letters
 *   that look alike tell mailboxes apart.
 * - `phone`: spaces, dots, dashes, slashes and brackets go; what is left must be an international number as E.164
 *   writes it, in the digits 0 to 9.
 * @returns Null for what is no identifier of this kind.
 */
export function normaliseIdentifier(kind: IdentifierKind, value: string): string | null {
  if (value.length > 2 * IDENTIFIER_MAX) return null;
  switch (kind) {
    case "user_id":
      return value !== "" &&
        value.length <= IDENTIFIER_MAX &&
        value.trim() === value &&
        !UNWRITABLE.test(value)
        ? value
        : null;
    case "email": {
      const address = value.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      return address.length <= EMAIL_MAX &&
        /^[^@\s]+@[^@\s]+$/u.test(address) &&
        !UNWRITABLE.test(address)
        ? address
        : null;
    }
    case "phone": {
      const number = value.trim().replace(PHONE_DECORATION, "");
      return PHONE.test(number) ? number : null;
    }
  }
}
