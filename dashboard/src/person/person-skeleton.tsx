import styles from "./person.module.css";

export function PersonSkeleton() {
  return (
    <div className={styles.person} role="status" aria-label="Loading the person" aria-busy="true">
      <div className={styles.identity}>
        <span className={styles.skeletonFace} />
        <span className={styles.skeletonLine} style={{ inlineSize: "55%" }} />
        <span className={styles.skeletonLine} style={{ inlineSize: "35%" }} />
      </div>
      {[0, 1, 2].map((part) => (
        <div key={part} className={styles.section}>
          <span className={styles.skeletonLine} style={{ inlineSize: "30%" }} />
          <span className={styles.skeletonLine} style={{ inlineSize: "85%" }} />
          <span className={styles.skeletonLine} style={{ inlineSize: "70%" }} />
        </div>
      ))}
    </div>
  );
}
