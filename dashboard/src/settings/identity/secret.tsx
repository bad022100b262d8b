import { Button, CopyButton } from "@mantine/core";
import { useState } from "react";
import styles from "../settings.module.css";

/** A secret that is shown only when somebody asks for it. */
export function Secret({ secret, name }: { secret: string; name: string }) {
  const [isShown, setIsShown] = useState(false);
  return (
    <div className={styles.secret}>
      <code aria-label={`Secret of ${name}`}>{isShown ? secret : "•".repeat(12)}</code>
      <Button
        variant="subtle"
        size="compact-sm"
        aria-pressed={isShown}
        onClick={() => setIsShown(!isShown)}
      >
        {isShown ? "Hide" : "Show"}
      </Button>
      <CopyButton value={secret} timeout={2_000}>
        {({ copied, copy }) => (
          <Button variant="subtle" size="compact-sm" onClick={copy}>
            {copied ? "Copied" : "Copy secret"}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
