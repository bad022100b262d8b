import type { VisitField } from "./compile.ts";
import { sessionNumber, sessionText } from "./leaf.ts";
import type { PersonView } from "./person-view.ts";

type Value = string | number | null | undefined;

/** Nearly every event touches the visit and few change what conditions read of it: this tells which fields really changed. */
export class VisitMemory {
  readonly #fields: readonly VisitField[];
  #values: Value[] | null = null;

  constructor(fields: readonly VisitField[]) {
    this.#fields = fields;
  }

  /** The atoms that a changed field may have changed; all of them at first. */
  changed(view: PersonView): Iterable<number>[] {
    const before = this.#values;
    const values = this.#fields.map((field) =>
      field.type === "text" ? sessionText(view, field.field) : sessionNumber(view, field.field),
    );
    this.#values = values;
    return this.#fields.flatMap((field, place) => {
      if (before === null) return [field.atoms];
      const [was, is] = [before[place], values[place]];
      if (was === is) return [];
      return field.type === "text" ? [field.index.between(textOf(was), textOf(is))] : [field.atoms];
    });
  }
}

function textOf(value: Value): string | null {
  return typeof value === "string" ? value : null;
}
