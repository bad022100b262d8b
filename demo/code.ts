/** Codes that take something off an order: a prefix that says how much, and eight characters that belong to one person. */

type Offer = { prefix: string; percentOff: number };

const OFFERS: readonly Offer[] = [
  { prefix: "TEA10", percentOff: 10 },
  { prefix: "BACK", percentOff: 10 },
];

const PERSONAL_CODE = /^([A-Z0-9]+)-[A-Z0-9]{8}$/;

type CodeAnswer = { isGood: true; code: string } | { isGood: false; problem: string };

/** What a person typed or pasted, as codes are written. */
export function tidyCode(typed: string): string {
  return typed.replaceAll(/\s+/g, "").toUpperCase();
}

function offerOf(code: string): Offer | undefined {
  const prefix = PERSONAL_CODE.exec(code)?.[1];
  return OFFERS.find((offer) => offer.prefix === prefix);
}

export function isCode(code: string): boolean {
  return offerOf(code) !== undefined;
}

/** What a code takes off a subtotal, in integer cents, rounded for the customer; nothing for an unknown one. */
export function discountMinorOf(code: string | undefined, subtotalMinor: number): number {
  const percentOff = (code === undefined ? undefined : offerOf(code))?.percentOff ?? 0;
  return Math.ceil((subtotalMinor * percentOff) / 100);
}

/** Whether a typed code can be used, or in plain words why not. `orders` are those that were placed before. */
export function judgeCode(
  typed: string,
  orders: readonly { id: string; code: string | undefined }[],
): CodeAnswer {
  const code = tidyCode(typed);
  if (code === "") return { isGood: false, problem: "Type or paste your code first." };
  if (!isCode(code)) {
    return {
      isGood: false,
      problem: `We do not know the code ${code}. Check it letter by letter, or write to us.`,
    };
  }
  const used = orders.find((order) => order.code === code);
  return used === undefined
    ? { isGood: true, code }
    : { isGood: false, problem: `This code was used for order ${used.id}. Each code works once.` };
}
