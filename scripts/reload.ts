import { join } from "node:path";
import { createServer } from "vite";
import { buildWidget } from "../widget/build.ts";
import { ROOT } from "./environment.ts";

/**
 * Hot reload for `npm run dev`: Vite serves the dashboard from its sources and passes the API on to the Worker, and
 * the widget is built anew into the Worker's files whenever it changes. wrangler reloads the Worker by itself.
 */
export async function startReload(options: {
  workerUrl: string;
  dashboardPort: number;
}): Promise<{ close(): Promise<void> }> {
  await buildWidget(join(ROOT, "dist/public"), { watch: true, minify: false });
  const server = await createServer({
    configFile: join(ROOT, "dashboard/vite.config.ts"),
    server: {
      host: "127.0.0.1",
      port: options.dashboardPort,
      strictPort: true,
      proxy: {
        "/api": { target: options.workerUrl, ws: true },
        "/files": { target: options.workerUrl },
      },
    },
  });
  await server.listen();
  return { close: () => server.close() };
}
