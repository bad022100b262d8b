import { useMediaQuery } from "@mantine/hooks";

/** Phones: one pane at a time. */
export const useNarrow = (): boolean =>
  useMediaQuery("(max-width: 767px)", undefined, { getInitialValueInEffect: false });

/** Wide enough for list, conversation and person beside each other. */
export const useWide = (): boolean =>
  useMediaQuery("(min-width: 1240px)", undefined, { getInitialValueInEffect: false });
