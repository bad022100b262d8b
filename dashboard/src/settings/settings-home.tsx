import { Navigate } from "@tanstack/react-router";
import { useNarrow } from "../theme/use-narrow.ts";

/** Phones show the list here; where there is room for both, the first page opens beside it. */
export function SettingsHome() {
  return useNarrow() ? null : <Navigate to="/settings/profile" replace />;
}
