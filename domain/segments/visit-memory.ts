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

  /** The atoms that read a field which is not what it was; all of them at first. */
  changed(view: PersonView): number[][] {
    const before = this.#values;
    const values = this.#fields.map(({ leaf }) =>
      leaf.type === "session_text"
        ? sessionText(view, leaf.field)
        : sessionNumber(view, leaf.field),
    );
    this.#values = values;
    return this.#fields.flatMap(({ atoms }, place) =>
      before !== null && before[place] === values[place] ? [] : [atoms],
    );
  }
}
