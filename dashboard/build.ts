import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Builds the dashboard's static files into `outDir`, which is emptied first. */
export async function buildDashboard(outDir: string): Promise<void> {
  await build({
    configFile: fileURLToPath(new URL("vite.config.ts", import.meta.url)),
    logLevel: "warn",
    build: { outDir },
  });
}
