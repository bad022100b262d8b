import { type Markup, trusted } from "../markup.ts";

function icon(paths: string): Markup {
  return trusted(
    `<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${paths}</svg>`,
  );
}

export const searchIcon = icon('<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>');

export const heartIcon = icon(
  '<path d="M12 20.2S3.8 15.4 3.8 9.4A4.5 4.5 0 0 1 12 6.9a4.5 4.5 0 0 1 8.2 2.5c0 6-8.2 10.8-8.2 10.8Z"/>',
);

export const cartIcon = icon(
  '<path d="M5.2 8.5h13.6l-1 10.2a1.6 1.6 0 0 1-1.6 1.4H7.8a1.6 1.6 0 0 1-1.6-1.4Z"/><path d="M8.8 11V7.2a3.2 3.2 0 0 1 6.4 0V11"/>',
);

export const personIcon = icon(
  '<circle cx="12" cy="8.2" r="3.7"/><path d="M4.8 20.2c.8-3.9 3.7-5.8 7.2-5.8s6.4 1.9 7.2 5.8"/>',
);

export const talkIcon = icon(
  '<path d="M20.2 11.4c0 4-3.7 7-8.2 7-1 0-2-.1-2.9-.4L4.6 19.6l1.2-3.7a6.4 6.4 0 0 1-2-4.5c0-4 3.7-7 8.2-7s8.2 3 8.2 7Z"/>',
);

export const parcelIcon = icon(
  '<path d="M4 8.2 12 4l8 4.2v8L12 20.4l-8-4.2Z"/><path d="M4.2 8.4 12 12.4l7.8-4M12 12.4v8M8 6.2l8 4.1"/>',
);

export const returnIcon = icon(
  '<path d="M4.4 9.4h10a5 5 0 0 1 0 10H8"/><path d="M8.4 5.2 4.2 9.4l4.2 4.2"/>',
);

export const leafIcon = icon(
  '<path d="M5 19C4 10.6 9.4 5 19.4 4.6c.6 10-4.8 15.6-12.6 13.2"/><path d="M5 19c2.200-4.600 5-7 8.600-8.800"/>',
);
