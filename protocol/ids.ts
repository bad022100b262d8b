/** Ids: a prefix that a person can read in a log, then 128 sortable bits (UUIDv7 layout) in base32. */

declare const brand: unique symbol;
type Id<Prefix extends string> = string & { readonly [brand]: Prefix };

export type WorkspaceId = Id<"wsp">;
export type VisitorId = Id<"vis">;
export type DeviceId = Id<"dev">;
export type ConversationId = Id<"cnv">;
export type OperatorId = Id<"opr">;
export type InvitationId = Id<"inv">;
export type FileId = Id<"fil">;
export type JobId = Id<"job">;
export type SegmentId = Id<"seg">;
export type TriggerId = Id<"trg">;
export type DeliveryId = Id<"dlv">;
export type IdentityKeyId = Id<"idk">;

type ByPrefix = {
  wsp: WorkspaceId;
  vis: VisitorId;
  dev: DeviceId;
  cnv: ConversationId;
  opr: OperatorId;
  inv: InvitationId;
  fil: FileId;
  job: JobId;
  seg: SegmentId;
  trg: TriggerId;
  dlv: DeliveryId;
  idk: IdentityKeyId;
};

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A new id: 48 bits of time in milliseconds, then 80 random bits.
 * Sorts by the time of its making (RFC 9562 section 5.7 order, Crockford base32).
 */
export function newId<P extends keyof ByPrefix>(
  prefix: P,
  now: number,
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(10)),
): ByPrefix[P] {
  let time = "";
  for (let rest = now, i = 0; i < 10; i++) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let tail = "";
  let bits = 0;
  let held = 0;
  for (const byte of random.subarray(0, 10)) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      tail += ALPHABET.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  // The brand exists only for the compiler; this is the one place that gives it to a fresh string.
  return `${prefix}_${time}${tail}` as ByPrefix[P];
}

const SHAPE = /^[a-z]{3}_[0-9a-z]{1,40}$/;

/** Whether a string has the shape of an id with this prefix. Says nothing about whether it exists. */
export function isId<P extends keyof ByPrefix>(prefix: P, value: unknown): value is ByPrefix[P] {
  return typeof value === "string" && value.startsWith(`${prefix}_`) && SHAPE.test(value);
}

/** Narrows a string that is known to be an id, for rows and object names that only we write. */
export function asId<P extends keyof ByPrefix>(prefix: P, value: string): ByPrefix[P] {
  if (!isId(prefix, value)) throw new TypeError(`not an id of kind ${prefix}`);
  return value;
}
