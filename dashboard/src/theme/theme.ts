import { createTheme, type MantineColorsTuple } from "@mantine/core";

const indigo: MantineColorsTuple = [
  "#eef0ff",
  "#e0e3ff",
  "#c5caff",
  "#adb0ff",
  "#8b8bf8",
  "#6a63f2",
  "#5b53ee",
  "#4f46e5",
  "#4338ca",
  "#372fa3",
];

/** What Mantine draws dark things with; the tokens' greys, from text to ground. */
const dark: MantineColorsTuple = [
  "#ececf1",
  "#c9cbd6",
  "#a6a9b7",
  "#8f92a1",
  "#3c3f4b",
  "#2a2c36",
  "#1c1e25",
  "#15161b",
  "#0e0f13",
  "#08090b",
];

/** How a pane is named that lies over the page. */
const PANE_TITLE = { fontSize: "16px", lineHeight: "24px", fontWeight: 600 };

/** Sizes and shapes. Colours live in tokens.css. */
export const theme = createTheme({
  colors: { indigo, dark },
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  fontFamily:
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, "Liberation Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1rem", sm: "1.25rem", md: "1.25rem", lg: "1.5rem", xl: "1.75rem" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  components: {
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Put away" } } },
    Tooltip: {
      defaultProps: {
        openDelay: 350,
        withArrow: false,
        events: { hover: true, focus: true, touch: false },
      },
    },
    Menu: {
      // Focus goes to the first item; the placeholder is nothing that a menu may hold.
      defaultProps: {
        withInitialFocusPlaceholder: false,
        shadow: "md",
        radius: "lg",
        transitionProps: { duration: 120 },
      },
    },
    Popover: { defaultProps: { shadow: "md", radius: "lg", transitionProps: { duration: 120 } } },
    Modal: {
      defaultProps: { radius: "lg", centered: true, transitionProps: { duration: 140 } },
      styles: { title: PANE_TITLE },
    },
    Drawer: {
      defaultProps: { transitionProps: { duration: 140 } },
      styles: { title: PANE_TITLE },
    },
  },
});
