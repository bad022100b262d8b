/** Lines on a grid of 24. */
export const CLOSE = "M6 6l12 12M18 6L6 18";
export const LIST = "M4 7h16M4 12h16M4 17h16";
export const DOWN = "M6 9.5l6 6 6-6";
export const SEND = "M12 19V5M5.5 11.5L12 5l6.5 6.5";
export const SOUND = "M11 5L6.5 9H3v6h3.5l4.5 4zM15 9a4.2 4.2 0 0 1 0 6M17.7 6.3a8 8 0 0 1 0 11.4";
export const MUTE = "M11 5L6.5 9H3v6h3.5l4.5 4zM16 9.5l5 5M21 9.5l-5 5";
export const DEVICE =
  "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2";
