import { html, type Markup } from "../markup.ts";

type TextField = {
  name: string;
  label: string;
  autocomplete: string;
  value?: string | undefined;
  type?: "text" | "email";
  width?: "narrow" | "wide";
};

/** The place where a field's problem is told. */
function problemSlot(name: string): Markup {
  return html`<span class="field-problem" id="${name}-problem" hidden></span>`;
}

export function textField({ name, label, autocomplete, value, type, width }: TextField): Markup {
  return html`<div class="field ${width !== undefined && `field-${width}`}">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type ?? "text"}"
      autocomplete="${autocomplete}"
      value="${value ?? ""}"
      maxlength="120"
      required
    />
    ${problemSlot(name)}
  </div>`;
}

export function selectField(
  name: string,
  label: string,
  autocomplete: string,
  options: readonly string[],
): Markup {
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}" autocomplete="${autocomplete}" required>
      ${options.map((option) => html`<option>${option}</option>`)}
    </select>
    ${problemSlot(name)}
  </div>`;
}

/** Where a form that cannot be sent says what to mend; it takes the focus. */
export const problemSummary: Markup = html`<div
  class="problem-summary"
  data-problems
  tabindex="-1"
  hidden
></div>`;
