/** One step of an object's schema; the list only ever grows at its end. */
export type Migration = { name: string; sql: string };

/**
 * Brings an object's tables up to date, in one transaction. `PRAGMA user_version` is refused in objects, so the
 * names of the steps that ran are kept in a table of our own and their order is checked: a step that was merged
 * late between two others is an error, not something to skip in silence.
 */
export function runMigrations(storage: DurableObjectStorage, steps: readonly Migration[]): void {
  storage.transactionSync(() => {
    const { sql } = storage;
    sql.exec(
      "CREATE TABLE IF NOT EXISTS migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    );
    const done = sql
      .exec<{ name: string }>("SELECT name FROM migrations ORDER BY position")
      .toArray()
      .map((row) => row.name);
    const strayed = done.findIndex((name, position) => steps[position]?.name !== name);
    if (strayed >= 0)
      throw new Error(`migration ${strayed} is "${done[strayed]}", not "${steps[strayed]?.name}"`);
    for (const [position, step] of steps.entries()) {
      if (position < done.length) continue;
      sql.exec(step.sql);
      sql.exec("INSERT INTO migrations (position, name) VALUES (?, ?)", position, step.name);
    }
  });
}
