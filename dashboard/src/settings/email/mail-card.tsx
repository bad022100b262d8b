import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";

/** Where customers' mails are to be sent on to. */
export function MailCard({ address }: { address: string }) {
  return (
    <Card
      title="Your mails"
      words="Forward your support address to this one. Each mail becomes a conversation, and your answers go out by email."
    >
      <pre className={styles.snippet} aria-label="Address for your mails">
        {address}
      </pre>
      <div className={styles.row}>
        <CopyButton value={address} timeout={2_000}>
          {({ copied, copy }) => (
            <Button
              variant={copied ? "light" : "default"}
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={copy}
            >
              {copied ? "Copied" : "Copy the address"}
            </Button>
          )}
        </CopyButton>
      </div>
    </Card>
  );
}
