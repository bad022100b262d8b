import { join } from "node:path";
import { FIRST_LOAD_BUDGET, firstLoadSize } from "../dashboard/size.ts";
import { ROOT } from "../scripts/environment.ts";
import { WIDGET_BUDGETS, widgetSizes } from "../widget/size.ts";

/** Bytes after brotli at its highest quality, and how many are allowed. */
export type Size = { name: string; bytes: number; budget: number };

/** Sizes of what `npm run build` has left in `dist`. */
export async function measureSizes(dist: string = join(ROOT, "dist")): Promise<Size[]> {
  const { loader, chat, parts } = await widgetSizes(join(dist, "public"));
  return [
    { name: "loader, launcher and tracker", bytes: loader, budget: WIDGET_BUDGETS.loader },
    { name: "chat, with styles and English", bytes: chat, budget: WIDGET_BUDGETS.chat },
    ...Object.entries(parts).map(([name, bytes]) => ({ name, bytes, budget: WIDGET_BUDGETS.part })),
    {
      name: "dashboard, first load",
      bytes: await firstLoadSize(join(dist, "dashboard")),
      budget: FIRST_LOAD_BUDGET,
    },
  ];
}
