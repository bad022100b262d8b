import type { ReactNode } from "react";
import styles from "./form-foot.module.css";

type Props = {
  /** Why it is not saved, if it is not. */
  failure: string | null;
  /** How it stands otherwise. */
  state: string;
  children: ReactNode;
};

/** How a form stands, and the ways on; in sight while the form scrolls. */
export function FormFoot({ failure, state, children }: Props) {
  return (
    <div className={styles.foot}>
      <p className={styles.state} role="status">
        {failure === null ? state : <span className={styles.failure}>{failure}</span>}
      </p>
      {children}
    </div>
  );
}
