/** Rows as the platform bills them: secondary indexes counted, every setting of an alarm one row. */
export type RowCount = { objects: number; database: number };

/**
 * Counts every row that any object or D1 writes from now on in this isolate, by the platform's own figures.
 * For a whole test file: it cannot be undone.
 * @param storage Of any object; all of them share its classes.
 */
export function countRows(storage: DurableObjectStorage, database: D1Database): RowCount {
  const count: RowCount = { objects: 0, database: 0 };
  watch(storage.sql, "exec", (cursor) => {
    // What writes and returns nothing has run to its end by now.
    count.objects += (cursor as SqlStorageCursor<Record<string, SqlStorageValue>>).rowsWritten; // what `exec` returns
  });
  watch(storage, "setAlarm", () => {
    count.objects++;
  });
  watch(database, "batch", async (answer) => {
    const results = await (answer as ReturnType<D1Database["batch"]>); // what `batch` returns
    for (const { meta } of results) count.database += meta.rows_written;
  });
  return count;
}

/** Shows what a method returns, of every instance of a class. */
function watch<Instance extends object>(
  instance: Instance,
  method: keyof Instance & string,
  seen: (answer: unknown) => unknown,
): void {
  const original = instance[method] as (...args: unknown[]) => unknown; // the callers above name methods
  Object.defineProperty(Object.getPrototypeOf(instance), method, {
    configurable: true,
    writable: true,
    value(this: Instance, ...args: unknown[]): unknown {
      const answer = original.apply(this, args);
      void seen(answer);
      return answer;
    },
  });
}
