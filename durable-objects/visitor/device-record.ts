import { deviceOf } from "../../domain/sessions/device.ts";
import { cleanLine } from "../../domain/text/clean.ts";
import type { FactContext } from "../../domain/visitors/apply-fact.ts";
import type { Batch } from "../../protocol/facts.ts";
import type { BootRequest } from "../../protocol/visitor-frames.ts";
import type { DeviceRecord, Surroundings } from "../contracts.ts";

/** @param held What was known of it before. */
export function deviceRecord(
  held: Partial<DeviceRecord> | null,
  at: number,
  client: BootRequest["client"],
  { country, userAgent }: Surroundings,
): DeviceRecord {
  return {
    status: "active",
    since: held?.since ?? at,
    device: deviceOf(userAgent),
    country,
    language: cleanLine(client.language ?? "", 35) || null,
    timeZone: zoneName(client.timeZone ?? ""),
    ...(held?.provenAt === undefined ? {} : { provenAt: held.provenAt }),
    ...(held?.formerly === undefined ? {} : { formerly: held.formerly }),
    ...(held?.cameAt === undefined ? {} : { cameAt: held.cameAt }),
    ...(held?.streamsOf === undefined ? {} : { streamsOf: held.streamsOf }),
  };
}

/** A device of which nothing is known. */
export function unseenDevice(at: number): DeviceRecord {
  return deviceRecord(null, at, {}, { country: null, userAgent: "" });
}

/** What a device says of the facts that come from it. */
export function factContext(known: DeviceRecord | null): FactContext {
  return {
    device: known?.device ?? { kind: "desktop", browser: null, os: null },
    country: known?.country ?? null,
    language: known?.language ?? null,
    timeZone: known?.timeZone ?? null,
    isProven: known?.provenAt !== undefined,
  };
}

/** A fact's time by our clock: its age as the sender's own clock tells, taken from when it arrived. */
export function correctedAt(at: number, sentAt: number, receivedAt: number): number {
  return Math.max(0, receivedAt - Math.max(0, sentAt - at));
}

/** What of a batch happened before an instant of our clock. */
export function factsBefore(batch: Batch, before: number, receivedAt: number): Batch {
  const facts = batch.facts.filter(
    ({ at }) => typeof at === "number" && correctedAt(at, batch.sentAt, receivedAt) < before,
  );
  return { ...batch, facts };
}

function zoneName(zone: string): string | null {
  return /^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+){0,2}$/.test(zone) ? zone : null;
}
