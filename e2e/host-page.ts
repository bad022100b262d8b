import { createServer, type Server } from "node:http";
import type { Page } from "playwright-core";

/** A customer's site on an origin of its own, as strict as sites get. */
export type HostSite = { url: string; close(): Promise<void> };

export type HostOptions = {
  /** Origin of the Worker, allowed by the policy for scripts and connections. */
  workerUrl: string;
  siteKey?: string;
  /** More markup for the body. */
  body?: string;
  /** The page's own script, served as /page.js before the widget's tag. */
  script?: string;
  /** How often the widget's tag stands in the page. */
  tags?: number;
  /** Leave the content security policy out. */
  isLax?: boolean;
};

/** Serves every path with the same page, so that single-page navigation can be reloaded. */
export async function serveHostSite(options: HostOptions): Promise<HostSite> {
  const { workerUrl } = options;
  const socketUrl = workerUrl.replace(/^http/, "ws");
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${workerUrl}`,
    "style-src 'self'",
    `img-src 'self' ${workerUrl}`,
    `connect-src ${workerUrl} ${socketUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  const tag = `<script async src="${workerUrl}/widget.js" data-key="${options.siteKey ?? "pk_demo"}"></script>`;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="/page.js"></script>${tag.repeat(options.tags ?? 1)}</head>
<body><main><h1>Shoes</h1><p>Good ones.</p>${options.body ?? ""}</main></body></html>`;
  const server: Server = createServer((request, response) => {
    if (request.url === "/page.js") {
      response.setHeader("content-type", "text/javascript");
      response.end(options.script ?? "");
      return;
    }
    response.setHeader("content-type", "text/html");
    if (options.isLax !== true) response.setHeader("content-security-policy", policy);
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the host site has no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/**
 * Notes what the browser itself reports: what the policy refused, tasks that were long, and shifts of the layout.
 * Inside the open chat messages may move; what stood in the page may not.
 */
export const WATCH = `
  window.reported = [];
  const report = (text) => window.reported.push(text);
  document.addEventListener("securitypolicyviolation", (event) => report(event.violatedDirective + " " + event.blockedURI));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.sources.some(({ node }) => node && document.contains(node))) report("shift " + entry.value);
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.duration > 500) report("long task " + entry.duration);
  }).observe({ type: "longtask", buffered: true });
`;

/** What `WATCH` noted in a page. */
export function reported(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { reported: string[] }).reported);
}
