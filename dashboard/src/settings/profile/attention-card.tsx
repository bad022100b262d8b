import { Button, Switch } from "@mantine/core";
import { useState } from "react";
import { askToNotify, canNotify } from "../../attention/announce.ts";
import { playChime } from "../../attention/sound.ts";
import { prefer, usePreference } from "../../preferences.ts";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";

/** How this browser tells of new messages, and whether single letters are shortcuts. */
export function AttentionCard() {
  const sound = usePreference("sound");
  const notifications = usePreference("notifications");
  const singleKeys = usePreference("singleKeys");
  const [permission, setPermission] = useState(() =>
    canNotify() ? Notification.permission : "denied",
  );

  async function turnOn(): Promise<void> {
    const isGranted = permission === "granted" || (await askToNotify());
    if (canNotify()) setPermission(Notification.permission);
    prefer({ notifications: isGranted });
  }

  return (
    <Card
      title="In this browser"
      words="When somebody writes and you are not looking at their conversation."
    >
      <div className={styles.fields}>
        <div className={styles.row} style={{ justifyContent: "space-between" }}>
          <Switch
            label="Play a sound"
            checked={sound}
            onChange={(event) => prefer({ sound: event.currentTarget.checked })}
          />
          <Button variant="subtle" size="compact-sm" onClick={playChime}>
            Listen
          </Button>
        </div>
        {permission === "granted" ? (
          <Switch
            label="Show the browser’s notifications"
            checked={notifications}
            onChange={(event) => prefer({ notifications: event.currentTarget.checked })}
          />
        ) : (
          <div className={styles.row} style={{ justifyContent: "space-between" }}>
            <span>
              {permission === "denied"
                ? "This browser does not allow notifications. Allow them in its settings for this site."
                : "The browser’s notifications are off."}
            </span>
            {permission === "default" && (
              <Button variant="default" size="xs" onClick={() => void turnOn()}>
                Turn on notifications
              </Button>
            )}
          </div>
        )}
        <Switch
          label="Single letters are shortcuts"
          description="Turn this off if you speak to your computer. Ctrl or ⌘ with K always works."
          checked={singleKeys}
          onChange={(event) => prefer({ singleKeys: event.currentTarget.checked })}
        />
      </div>
    </Card>
  );
}
