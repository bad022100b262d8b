/** The line that a site puts on its pages. */
export const snippetOf = (widgetOrigin: string, siteKey: string): string =>
  `<script async src="${widgetOrigin}/widget.js" data-key="${siteKey}"></script>`;
