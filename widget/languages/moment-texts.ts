/** English by the part that says it, so that each part carries only its own. All of it is in `texts.ts`. */

export const popupTexts = {
  /** `ltr` or `rtl`. */
  dir: "ltr",
  closeMessage: "Close this message",
  refuse: "Do not show again",
};

export const answerTexts = {
  write: "Write a message",
  /** In place of `write` in a pop-up. */
  answer: "Write an answer",
  send: "Send",
  charactersLeft: "{n} characters left",
  charactersTooMany: "{n} characters too many",
};

export const cardTexts = {
  copyCode: "Copy code",
  copied: "Copied",
  /** For screen readers, which are not told what is struck through. */
  price: "Price {price}",
  priceNow: "Your price {price}",
  priceBefore: "Usual price {price}",
};
