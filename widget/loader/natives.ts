/** Held before the page can replace them. */
export const { JSON, WebSocket, fetch, setTimeout, clearTimeout } = window;
export const now = Date.now;
