/** What segments, triggers and operators are called, by id. What is not in it any more is called so. */
export type Names = {
  segments: ReadonlyMap<string, string>;
  triggers: ReadonlyMap<string, string>;
  operators: ReadonlyMap<string, string>;
};

export const NO_NAMES: Names = { segments: new Map(), triggers: new Map(), operators: new Map() };
