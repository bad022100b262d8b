import { IconArchive, IconPencil, IconPlayerPause, IconPointFilled } from "@tabler/icons-react";
import type { TriggerStatus } from "../../../protocol/triggers.ts";
import styles from "./triggers.module.css";

export const STATUS_LABELS: Record<TriggerStatus, string> = {
  live: "Live",
  paused: "Paused",
  draft: "Draft",
  archived: "Archived",
};

const ICONS = {
  live: IconPointFilled,
  paused: IconPlayerPause,
  draft: IconPencil,
  archived: IconArchive,
} as const;

/** A trigger's status, by word, sign and colour. */
export function StatusBadge({ status }: { status: TriggerStatus }) {
  const Icon = ICONS[status];
  return (
    <span className={styles.status} data-status={status}>
      <Icon size={12} aria-hidden="true" />
      {STATUS_LABELS[status]}
    </span>
  );
}
