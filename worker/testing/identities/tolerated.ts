/**
 * Where the product is known to fall short of docs/identity.md, and is being mended. The account goes along with each of
 * these; whoever mends one takes it off, and the account demands it from then on.
 */
export const TOLERATED = {
  /** A browser keeps its right when it first proves who uses it, so a copy of its token that was made before reads on. */
  keepsRightAtFirstProof: true,
  /** A right that somebody else took the place of leads to theirs for a minute, by boot. */
  followsAnotherMs: 60_000,
  /** … and for ever, by a proof. */
  provesThroughAnother: true,
};
