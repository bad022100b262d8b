import { deviceOf, type Device } from "../../domain/sessions/device.ts";
import { cleanLine } from "../../domain/text/clean.ts";
import type { BootRequest } from "../../protocol/visitor-frames.ts";
import type { Surroundings } from "../contracts.ts";

/** What is known of a device: said once at its boot, kept for every batch that follows. */
export type DeviceRecord = {
  status: "active" | "ended";
  since: number;
  device: Device;
  country: string | null;
  language: string | null;
  timeZone: string | null;
};

export function deviceRecord(
  since: number,
  client: BootRequest["client"],
  { country, userAgent }: Surroundings,
): DeviceRecord {
  return {
    status: "active",
    since,
    device: deviceOf(userAgent),
    country,
    language: cleanLine(client.language ?? "", 35) || null,
    timeZone: zoneName(client.timeZone ?? ""),
  };
}

/** A fact's time by our clock: its age as the sender's own clock tells, taken from when it arrived. */
export function correctedAt(at: number, sentAt: number, receivedAt: number): number {
  return Math.max(0, receivedAt - Math.max(0, sentAt - at));
}

function zoneName(zone: string): string | null {
  return /^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+){0,2}$/.test(zone) ? zone : null;
}
