import type { VisitorId } from "../../protocol/ids.ts";
import type { Variant } from "../../protocol/triggers.ts";
import type { LiveTrigger } from "../segments/definitions.ts";
import type { TriggerRecord } from "./firing.ts";
import { share } from "./hash.ts";

/** Versions whose assignment is remembered. */
const ASSIGNED_MAX = 20;

/**
 * The variant of a visitor, and whether they are held out. Both come from a hash of visitor, trigger and version,
 * independent of one another; what was assigned at the first exposure to this version stays.
 */
export function assign(
  visitor: VisitorId,
  { id, version, definition }: LiveTrigger,
  record: TriggerRecord | null,
): { variant: Variant; isHeldOut: boolean } {
  const { variants, holdOut } = definition;
  const variant = byWeight(variants, share(`variant|${visitor}|${id}|${version}`));
  const held = record?.assigned.find((one) => one.version === version);
  if (held === undefined)
    return { variant, isHeldOut: share(`hold-out|${visitor}|${id}|${version}`) * 100 < holdOut };
  if (held.variant === null) return { variant, isHeldOut: true };
  return { variant: variants.find((one) => one.id === held.variant) ?? variant, isHeldOut: false };
}

/** The record after an exposure: to a variant, or to the hold-out where it is null. */
export function withExposure(
  record: TriggerRecord | null,
  version: number,
  variant: string | null,
  at: number,
): TriggerRecord {
  const assigned = record?.assigned ?? [];
  return {
    assigned: assigned.some((one) => one.version === version)
      ? assigned
      : [...assigned, { version, variant }].slice(-ASSIGNED_MAX),
    exposures: (record?.exposures ?? 0) + 1,
    lastAt: Math.max(record?.lastAt ?? 0, at),
    isRefused: record?.isRefused ?? false,
  };
}

function byWeight(variants: readonly Variant[], point: number): Variant {
  const total = variants.reduce((sum, variant) => sum + variant.weight, 0);
  let left = point * total;
  for (const variant of variants) {
    left -= variant.weight;
    if (left < 0) return variant;
  }
  const last = variants.at(-1);
  if (last === undefined) throw new RangeError("a trigger has at least one variant");
  return last;
}
