import { html, type Markup } from "../markup.ts";

/** What the code field shows: the code in use, or what was typed and why it cannot be used. */
export type CodeState = { code: string | undefined; typed: string; problem: string | undefined };

/** A place to type or paste a code, or the one that is in use. */
export function codePart({ code, typed, problem }: CodeState): Markup {
  if (code !== undefined) {
    return html`<p class="code-used">
      <span>Code <strong>${code}</strong></span>
      <button class="link-button" type="button" id="code-remove" data-code-remove>
        Remove<span class="visually-hidden"> the code</span>
      </button>
    </p>`;
  }
  return html`<form class="code-form" data-code-form novalidate>
    <div class="field">
      <label for="code">Code</label>
      <span class="code-row">
        <input
          id="code"
          name="code"
          type="text"
          value="${typed}"
          maxlength="60"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          ${problem !== undefined && html`aria-invalid="true" aria-describedby="code-problem"`}
        />
        <button class="button button-quiet" type="submit" aria-label="Use the code">Use</button>
      </span>
      <span class="field-problem" id="code-problem" ${problem === undefined && html`hidden`}
        >${problem ?? ""}</span
      >
    </div>
  </form>`;
}
