import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { colleaguesQuery, segmentsQuery, triggersQuery } from "../api/queries.ts";
import type { Names } from "./names.ts";

/** The names that conditions speak of, as far as they are loaded; without a segment that must not ask for itself. */
export function useNames(except?: string): Names {
  const { data: segments } = useQuery(segmentsQuery);
  const { data: triggers } = useQuery(triggersQuery);
  const { data: colleagues } = useQuery({ ...colleaguesQuery, staleTime: 60_000 });
  return useMemo(
    () => ({
      segments: new Map(
        segments?.segments.filter(({ id }) => id !== except).map(({ id, name }) => [id, name]),
      ),
      triggers: new Map(triggers?.triggers.map(({ id, name }) => [id, name])),
      operators: new Map(colleagues?.operators.map(({ id, name }) => [id, name])),
    }),
    [segments, triggers, colleagues, except],
  );
}
