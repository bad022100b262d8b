import { asId } from "../../protocol/ids.ts";
import type { MomentPreview } from "../../protocol/triggers-api.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { Action } from "../../protocol/triggers.ts";
import type { PersonView } from "../segments/person-view.ts";
import { sayingOf } from "./content.ts";
import { senderOf } from "./decide.ts";
import type { Firing, Team } from "./firing.ts";
import { SAMPLE_EVENT, SAMPLE_PERSON } from "./sample-person.ts";

const PREVIEWED = asId("dlv", "dlv_preview");

/** What one real person would be shown now, whatever made the trigger fire. */
export function previewOf(
  action: Action,
  { view, team }: { view: PersonView; team: Team },
): MomentPreview {
  return preview(action, view, team, null);
}

/** What a made-up person would be shown, said by this operator where nobody else was chosen. */
export function previewForSample(action: Action, operator: OperatorCard): MomentPreview {
  const chosen =
    action.type !== "alert" && action.from.type === "operator"
      ? { ...operator, id: asId("opr", action.from.operator) }
      : operator;
  return preview(action, SAMPLE_PERSON, { online: [chosen], others: [] }, SAMPLE_EVENT);
}

function preview(
  action: Action,
  view: PersonView,
  team: Team,
  event: Firing["event"],
): MomentPreview {
  const from = senderOf(action, team);
  if (from === null && action.type !== "alert")
    return { content: null, alert: null, from, problem: { reason: "no_operator", detail: null } };
  const said = sayingOf(action, { view, event, delivery: PREVIEWED });
  if (said.ok) return { content: said.content, alert: said.alert, from, problem: null };
  const { reason, detail } = said;
  return { content: null, alert: null, from, problem: { reason, detail } };
}
