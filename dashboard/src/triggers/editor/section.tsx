import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Flaw, Part } from "../flaws.ts";
import styles from "./editor.module.css";

type Props = {
  part: Part;
  /** The word that the sentence goes on with. */
  title: string;
  flaws: readonly Flaw[];
  /** Whether flaws are shown: only after somebody tried to save, or wrote here. */
  isChecked: boolean;
  children: ReactNode;
};

/** One part of the sentence that a trigger is. */
export function Section({ part, title, flaws, isChecked, children }: Props) {
  const own = flaws.filter((flaw) => flaw.part === part);
  const id = `trigger-${part}`;
  return (
    <section className={styles.section} aria-labelledby={id} data-part={part}>
      <h2 id={id} className={styles.lead} tabIndex={-1}>
        {title}
      </h2>
      <div className={styles.sectionBody}>
        {children}
        {isChecked &&
          own.map(({ text }) => (
            <p key={text} className={styles.flaw}>
              <IconAlertTriangle size={14} aria-hidden="true" />
              {text}
            </p>
          ))}
      </div>
    </section>
  );
}
