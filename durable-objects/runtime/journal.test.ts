import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ObjectBindings } from "../bindings.ts";
import { presenceShardName } from "../../protocol/addresses.ts";
import { freshIds } from "../testing/sockets.ts";
import { FOLD_EVERY, Journal, JOURNAL_MIGRATION } from "./journal.ts";
import { runMigrations } from "./migrations.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's

/** Runs with the storage of an object that has no journal of its own. */
function withStorage<T>(body: (storage: DurableObjectStorage) => T | Promise<T>): Promise<T> {
  const stub = bindings.PRESENCE.getByName(presenceShardName(freshIds().workspace, 0));
  return runInDurableObject(stub, (_, state) => body(state.storage));
}

test("one row commits an entry with everything it changes", () =>
  withStorage((storage) => {
    runMigrations(storage, [{ name: "leases", sql: "" }, JOURNAL_MIGRATION]);
    const journal = new Journal(storage);
    journal.ride("cursor", 7);
    const before = storage.sql.exec("SELECT total_changes() AS n").one()["n"];
    expect(
      journal.append("one", 1, [
        ["a", 1],
        ["b", { c: 2 }],
      ]),
    ).toBe(1);
    const after = storage.sql.exec("SELECT total_changes() AS n").one()["n"];
    expect(Number(after) - Number(before)).toBe(1);
    const woken = new Journal(storage);
    expect([woken.lastSeq, woken.get("a"), woken.get("b"), woken.get("cursor")]).toEqual([
      1,
      1,
      { c: 2 },
      7,
    ]);
  }));

test("whatever is appended, put and ridden, a waking journal knows what the committed rows say", () =>
  withStorage((storage) => {
    runMigrations(storage, [{ name: "leases", sql: "" }, JOURNAL_MIGRATION]);
    const key = fc.constantFrom("a", "b", "~lazy:x", "~lazy:y", "c");
    const eager = fc.constantFrom("a", "b", "c");
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom("append", "ride"), key, value: fc.integer() }),
      fc.record({ kind: fc.constant("put"), key: eager, value: fc.integer() }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: FOLD_EVERY * 3 }), (steps) => {
        storage.sql.exec("DELETE FROM log");
        storage.sql.exec("DELETE FROM state");
        const journal = new Journal(storage);
        const committed = new Map<string, number>();
        const riding = new Map<string, number>();
        let appended = 0;
        for (const { kind, key: name, value } of steps) {
          if (kind === "append") {
            appended++;
            journal.append(`e${appended}`, null, [[name, value]]);
            for (const [one, ridden] of riding) committed.set(one, ridden);
            riding.clear();
            committed.set(name, value);
          } else if (kind === "put") {
            journal.put([[name, value]]);
            riding.delete(name);
            committed.set(name, value);
          } else {
            journal.ride(name, value);
            riding.set(name, value);
          }
        }
        const woken = new Journal(storage);
        expect(woken.lastSeq).toBe(appended);
        for (const name of ["a", "b", "~lazy:x", "~lazy:y", "c"]) {
          expect(woken.get(name)).toEqual(committed.get(name));
        }
        expect(woken.after(0, 1_000).map((row) => row.seq)).toEqual(
          Array.from({ length: appended }, (_, i) => i + 1),
        );
      }),
      { numRuns: 60 },
    );
  }));

test("a lazy key cannot change without an entry: a waking journal could not tell which came last", () =>
  withStorage((storage) => {
    runMigrations(storage, [{ name: "leases", sql: "" }, JOURNAL_MIGRATION]);
    expect(() => new Journal(storage).put([["~lazy:x", 1]])).toThrow(TypeError);
  }));

test("visible rows are found without an index, whatever stands between them", () =>
  withStorage((storage) => {
    runMigrations(storage, [{ name: "leases", sql: "" }, JOURNAL_MIGRATION]);
    const journal = new Journal(storage);
    let visible = 0;
    for (let i = 0; i < 50; i++) journal.append(`e${i}`, i % 3 === 0 ? null : ++visible, []);
    expect(journal.visibleAfter(20, 5).map((row) => row.visible)).toEqual([21, 22, 23, 24, 25]);
    expect(journal.visibleAfter(visible, 5)).toEqual([]);
  }));

test("migrations run once each, in order, and a late one between two others is refused", () =>
  withStorage((storage) => {
    const first = { name: "leases", sql: "" };
    const second = { name: "two", sql: "CREATE TABLE two (x)" };
    runMigrations(storage, [first, second]);
    runMigrations(storage, [first, second]);
    const late = { name: "late", sql: "CREATE TABLE late (x)" };
    expect(() => runMigrations(storage, [first, late, second])).toThrow(/migration 1/);
    runMigrations(storage, [first, second, late]);
    storage.sql.exec("INSERT INTO late VALUES (1)");
  }));

test("a migration that fails leaves nothing of itself behind", () =>
  withStorage((storage) => {
    const first = { name: "leases", sql: "" };
    const broken = { name: "broken", sql: "CREATE TABLE half (x); CREATE TABLE half (x)" };
    expect(() => runMigrations(storage, [first, broken])).toThrow(/half/);
    runMigrations(storage, [first, { name: "whole", sql: "CREATE TABLE half (x)" }]);
  }));

test("what still rides is kept by settling, once", () =>
  withStorage((storage) => {
    runMigrations(storage, [{ name: "leases", sql: "" }, JOURNAL_MIGRATION]);
    const journal = new Journal(storage);
    journal.ride("cursor", 1);
    journal.ride("cursor", 2);
    journal.settle();
    journal.settle();
    expect(storage.sql.exec("SELECT key, value FROM state").toArray()).toEqual([
      { key: "cursor", value: "2" },
    ]);
    expect(new Journal(storage).get("cursor")).toBe(2);
  }));
