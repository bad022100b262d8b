import type { Catalogue } from "../../../protocol/segments-api.ts";
import type { Choice } from "./choice-field.tsx";
import { labelOfValue } from "./sentence.ts";

const NAMED: ReadonlySet<string> = new Set(["country", "language", "device"]);
const DEVICES = ["desktop", "phone", "tablet"];

/** Values of a visit's field that really occur, countries and languages by name. */
export function sessionChoices(field: string, catalogue: Catalogue | undefined): Choice[] {
  const occurring = catalogue?.session[field] ?? [];
  const values = new Set(field === "device" ? [...occurring, ...DEVICES] : occurring);
  const label = NAMED.has(field) ? labelOfValue(field, {}) : (value: string): string => value;
  return [...values].map((value) => ({ value, label: label(value) }));
}
