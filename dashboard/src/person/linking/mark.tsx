import { VisuallyHidden } from "@mantine/core";
import styles from "./linking.module.css";

/**
 * Whose something is, where that of several visitors is shown together: a letter, and the name for who asks. Beside the
 * name itself it stands alone.
 */
export function Mark({ letter, name }: { letter: string; name?: string }) {
  if (name === undefined) return <span className={styles.mark}>{letter}</span>;
  return (
    <span className={styles.mark} title={name}>
      <span aria-hidden="true">{letter}</span>
      <VisuallyHidden>
        of {letter}, {name}
      </VisuallyHidden>
    </span>
  );
}
