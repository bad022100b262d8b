import react from "@vitejs/plugin-react";
import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { answerPreview } from "./functions/preview-page.ts";

/** Where the Worker is reached in development. */
const worker = process.env["PARLEY_WORKER"] ?? "http://127.0.0.1:8787";

/** Does what the Pages function does in production, with the Worker that the API is passed on to. */
const widgetPreview: Plugin = {
  name: "widget-preview",
  configureServer(server) {
    const proxied = server.config.server.proxy?.["/api"];
    const target =
      typeof proxied === "object" && typeof proxied.target === "string" ? proxied.target : worker;

    async function answer(cookie: string, response: ServerResponse): Promise<void> {
      const settings = await fetch(new URL("/api/settings", target), { headers: { cookie } });
      const page = await answerPreview(settings);
      response.writeHead(page.status, Object.fromEntries(page.headers));
      response.end(await page.text());
    }

    server.middlewares.use((request, response, next) => {
      if (request.url?.split("?")[0] !== "/widget-preview") {
        next();
        return;
      }
      answer(request.headers.cookie ?? "", response).catch((error: unknown) => {
        response.writeHead(502).end(String(error));
      });
    });
  },
};

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), widgetPreview],
  css: { modules: { localsConvention: "camelCaseOnly" } },
  build: {
    target: "es2023",
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What several pages share comes in one file instead of dozens of crumbs.
    rolldownOptions: {
      // How long a slow machine takes is nothing to warn anybody of.
      checks: { bundlerTimings: false },
      output: { codeSplitting: { groups: [{ name: "shared", minShareCount: 3 }] } },
    },
    chunkSizeWarningLimit: 700,
  },
  server: {
    host: "127.0.0.1",
    port: Number(process.env["DASHBOARD_PORT"] ?? 8788),
    strictPort: true,
    fs: { allow: [".."] },
    proxy: Object.fromEntries(
      ["/api", "/files"].map((path) => [path, { target: worker, ws: true }]),
    ),
  },
});
