import { vi, type MockInstance } from "vitest";
import { env } from "./operator-browser.ts";

/** D1 is away for every statement with these words, until the mock is restored. */
export function failStatements(words: string): MockInstance<D1Database["prepare"]> {
  const prepare = env.DB.prepare.bind(env.DB);
  return vi.spyOn(env.DB, "prepare").mockImplementation((sql) => {
    if (sql.includes(words)) throw new Error("D1 is away");
    return prepare(sql);
  });
}
