import type { IdentitySettings } from "../../../../protocol/operator-api.ts";
import { count } from "../../words/names.ts";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";

/** How many prove themselves, and of how many that is. */
export function ShareCard({ sessions }: { sessions: IdentitySettings["sessions"] }) {
  const { people, proven, unproven } = sessions;
  return (
    <Card
      title="Who proves themselves"
      words="Counted over everybody who was seen in the last 30 days, by the latest session of each."
    >
      {people === 0 ? (
        <p className={styles.quiet}>Nobody was here in the last 30 days.</p>
      ) : (
        <>
          <p className={styles.figure}>
            <strong className="numbers">{Math.round((100 * proven) / people)} %</strong> of the
            sessions: {proven.toLocaleString("en")} of {people.toLocaleString("en")}
          </p>
          <p className={styles.quiet}>
            {unproven === 0
              ? "Nobody gave an email, a phone number or a user id that nothing proves."
              : `${count(unproven, "person", "people")} gave an email, a phone number or a user id that nothing proves.`}
          </p>
        </>
      )}
    </Card>
  );
}
