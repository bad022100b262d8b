import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { answerPreview } from "./functions/preview-page.ts";

/** Where `npm run dev` reaches the Worker. */
const worker = process.env["PARLEY_WORKER"] ?? "http://127.0.0.1:8787";

/** What the Pages function does in production. */
const widgetPreview: Plugin = {
  name: "widget-preview",
  configureServer(server) {
    server.middlewares.use("/widget-preview", (request, response, next) => {
      if (request.originalUrl?.split("?")[0] !== "/widget-preview") return next();
      const headers = { cookie: request.headers.cookie ?? "" };
      fetch(new URL("/api/settings", worker), { headers })
        .then(answerPreview)
        .then(async (page) => {
          response.writeHead(page.status, Object.fromEntries(page.headers));
          response.end(await page.text());
        })
        .catch(next);
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
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
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
