/**
 * Where the product falls short of what its account would say, and is being mended. The account goes along with each of
 * these; whoever mends one turns it to false, and the account demands it from then on.
 */
export const TOLERATED = {
  /**
   * A browser keeps its right when it first proves who uses it, and a right that has ended leads to the next one whoever
   * comes with it: a copy of a token from before a sign-in reads on. Mended, every proof ends the right it was made with,
   * and a secret that the browser draws for it leads on.
   */
  copiesLeadOn: false,
  /** A sign-out before D1 has said whose a user id is takes away what was proven beside it: that is nobody's then. */
  signOutTakesAddress: true,
};
