import { Button, CloseButton } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useState } from "react";
import { prefer, usePreference } from "../preferences.ts";
import { askToNotify, canNotify } from "./announce.ts";
import styles from "./notification-offer.module.css";

/** Offers the browser's notifications once; put away for good with the cross, and later found in the profile. */
export function NotificationOffer() {
  const isDismissed = usePreference("isOfferDismissed");
  const isOn = usePreference("notifications");
  const [permission, setPermission] = useState(() =>
    canNotify() ? Notification.permission : "denied",
  );
  if (isDismissed || isOn || permission !== "default") return null;

  async function turnOn(): Promise<void> {
    const isGranted = await askToNotify();
    setPermission(Notification.permission);
    prefer({ notifications: isGranted });
  }

  return (
    <aside className={styles.offer} aria-label="Notifications">
      <IconBell size={20} aria-hidden="true" className={styles.bell} />
      <div>
        <p className={styles.words}>Hear of new messages while you are in another window.</p>
        <Button size="compact-sm" variant="light" onClick={() => void turnOn()}>
          Turn on notifications
        </Button>
      </div>
      <CloseButton
        size="sm"
        aria-label="Put away"
        onClick={() => prefer({ isOfferDismissed: true })}
      />
    </aside>
  );
}
