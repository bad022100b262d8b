import type { SkipReason } from "../../../protocol/triggers.ts";

/** Why a trigger sent one person nothing, to follow "Not sent:". */
export function skipWords(reason: SkipReason | null, detail: string | null): string {
  switch (reason) {
    case "repeated":
      return "got it as often as its rule allows";
    case "capped":
      return "had enough automatic messages for now";
    case "no_longer_matches":
      return "the conditions did not hold any more";
    case "not_live":
      return "the trigger was stopped or changed while this waited";
    case "nobody_online":
      return "nobody of the team was online";
    case "in_conversation":
      return "was in a conversation with the team";
    case "refused":
      return "asked not to see it again";
    case "missing_value":
      return detail === null
        ? "a place in the text had nothing to fill it"
        : `nothing is known to fill ‘${detail}’ in the text`;
    case "no_product":
      return "there was no product to show";
    case "no_operator":
      return "its sender is not in the team any more";
    case null:
      return "no reason was kept";
  }
}
