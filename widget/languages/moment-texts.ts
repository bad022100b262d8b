/** What pop-ups say, with the field for an answer, in English. Part of `texts.ts`, and alone in the part that shows them. */
export const momentTexts = {
  /** `ltr` or `rtl`. */
  dir: "ltr",
  write: "Write a message",
  send: "Send",
  charactersLeft: "{n} characters left",
  charactersTooMany: "{n} characters too many",
  closeMessage: "Close this message",
  refuse: "Do not show again",
  answer: "Write an answer",
  copyCode: "Copy code",
  copied: "Copied",
  price: "Price {price}",
  priceNow: "Your price {price}",
  priceBefore: "Usual price {price}",
};
