type Call = [method: string, ...rest: unknown[]];

type Parley = { (...call: Call): void; q?: Call[] };

const page: Window & { parley?: Parley } = window;

/** Keeps calls made before the widget has loaded; the widget takes them over when it comes. */
const waiting: Parley = (...call) => {
  (waiting.q ??= []).push(call);
};

page.parley ??= waiting;

/** Calls the chat widget, whether it is already there or still loading. */
export function parley(...call: Call): void {
  page.parley?.(...call);
}
