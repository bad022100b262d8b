import { findProblems } from "../checkout-details.ts";
import { html } from "../markup.ts";

/** The values of a form whose fields are all sound; otherwise shows what to mend and returns nothing. */
export function checkedValues(form: HTMLFormElement): ReadonlyMap<string, string> | undefined {
  const values = new Map(
    [...new FormData(form)].flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as const] : [],
    ),
  );
  const problems = findProblems(values);
  for (const name of values.keys()) {
    const problem = problems.find(({ field }) => field === name);
    const input = form.querySelector(`#${name}`);
    const slot = form.querySelector<HTMLElement>(`#${name}-problem`);
    if (input === null || slot === null) continue;
    slot.hidden = problem === undefined;
    slot.textContent = problem?.message ?? "";
    if (problem === undefined) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    } else {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", slot.id);
    }
  }
  const summary = form.querySelector<HTMLElement>("[data-problems]");
  if (summary !== null) {
    summary.hidden = problems.length === 0;
    summary.innerHTML = html`<h2>
        Please check ${problems.length === 1 ? "one field" : `${problems.length} fields`}
      </h2>
      <ul>
        ${problems.map(({ field, message }) => html`<li><a href="#${field}">${message}</a></li>`)}
      </ul>`.markup;
    if (problems.length > 0) summary.focus();
  }
  return problems.length === 0 ? values : undefined;
}
