import { VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { TriggerSummary } from "../../../protocol/triggers-api.ts";
import type { Names } from "../conditions/names.ts";
import { amountsWords } from "./figures/figure-words.ts";
import { triggerSentence } from "./sentence.ts";
import { StatusBadge } from "./status.tsx";
import styles from "./triggers.module.css";

/** One trigger of the list: what it does, and what came of it. The name opens it, the figures their page. */
export function TriggerRow({ trigger, names }: { trigger: TriggerSummary; names: Names }) {
  const { id, name, status, version, hasUnpublished, totals } = trigger;
  const params = { trigger: id };
  return (
    <li className={styles.row}>
      <div className={styles.rowWords}>
        <span className={styles.rowName}>
          <Link to="/triggers/$trigger" params={params} className={styles.rowLink} dir="auto">
            {name}
          </Link>
          <StatusBadge status={status} />
          {hasUnpublished && version > 0 && status !== "archived" && (
            <span className={styles.unpublished}>Unpublished changes</span>
          )}
        </span>
        <span className={styles.rowSentence} dir="auto">
          {triggerSentence(trigger, names)}.
        </span>
      </div>
      {version > 0 && (
        <Link to="/triggers/$trigger/figures" params={params} className={styles.totals}>
          <VisuallyHidden>Figures of {name}: </VisuallyHidden>
          <Total label="Sent" value={totals.sent.toLocaleString()} />
          {trigger.action !== "alert" && (
            <>
              <Total label="Seen" value={totals.seen.toLocaleString()} />
              <Total label="Answered" value={totals.answered.toLocaleString()} />
            </>
          )}
          <Total label="Goal" value={totals.goal.toLocaleString()} />
          <Total
            label="Revenue"
            value={totals.revenue.length === 0 ? "–" : amountsWords(totals.revenue)}
          />
        </Link>
      )}
    </li>
  );
}

function Total({ label, value }: { label: string; value: string }) {
  return (
    <span className={styles.total}>
      <span className={styles.totalLabel}>{label}</span>
      <strong className="numbers">{value}</strong>
    </span>
  );
}
