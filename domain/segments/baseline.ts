import type { CompiledRules } from "./compile.ts";
import { NOBODY } from "./draft-view.ts";
import type { Occurrence, PersonView } from "./person-view.ts";
import { NEVER, type Verdict } from "./times.ts";
import { verdictOf } from "./tree.ts";

/**
 * Whether rules held for somebody at one moment, worked out from the view alone.
 * @returns A function from a rule's number to whether it held.
 */
export function baseline(
  compiled: CompiledRules,
  view: PersonView,
  now: number,
): (rule: number) => boolean {
  const asked = rememberingHistory(view);
  const rules = new Map<number, Verdict>();
  const atoms = new Map<number, Verdict>();
  const { calendar } = compiled;
  const ruleVerdict = (number: number): Verdict => {
    const known = rules.get(number);
    if (known !== undefined) return known;
    const rule = compiled.rules[number];
    // A circle of references ends in what does not hold.
    rules.set(number, NEVER);
    const verdict = rule === undefined ? NEVER : verdictOf(rule.tree, atomVerdict);
    rules.set(number, verdict);
    return verdict;
  };
  const atomVerdict = (number: number): Verdict => {
    const known = atoms.get(number);
    if (known !== undefined) return known;
    const atom = compiled.atoms[number];
    if (atom === undefined) return NEVER;
    const segment = (): Verdict => (atom.asks < 0 ? NEVER : ruleVerdict(atom.asks));
    const verdict = atom.test(asked, { now, calendar, segment });
    atoms.set(number, verdict);
    return verdict;
  };
  return (rule) => ruleVerdict(rule).holds;
}

const ofNobody = new WeakMap<CompiledRules, (rule: number) => boolean>();

/** The same for somebody of whom nothing is known. No moment changes that, so it is worked out once. */
export function baselineOfNobody(compiled: CompiledRules): (rule: number) => boolean {
  let held = ofNobody.get(compiled);
  if (held === undefined) {
    held = baseline(compiled, NOBODY, 0);
    ofNobody.set(compiled, held);
  }
  return held;
}

/** The same view, which reads the history of each event once. */
function rememberingHistory(view: PersonView): PersonView {
  const known = new Map<string, readonly Occurrence[]>();
  const history = (name: string): readonly Occurrence[] => {
    let occurrences = known.get(name);
    if (occurrences === undefined) {
      occurrences = [...view.history(name)];
      known.set(name, occurrences);
    }
    return occurrences;
  };
  return Object.create(view, { history: { value: history } }) as PersonView; // inherits everything else from it
}
