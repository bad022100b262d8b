import { UnstyledButton } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useStore } from "../live/store.ts";
import styles from "./shell.module.css";
import { useWorkspace } from "./workspace.ts";

/** A short loss heals before anybody needs to know of it. */
const SHOWN_AFTER_MS = 1_500;

export function ConnectionBanner() {
  const { live } = useWorkspace();
  const isLost = useStore(live.link, (state) => state !== "open");
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    if (!isLost) {
      setIsShown(false);
      return;
    }
    const timer = setTimeout(() => setIsShown(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isLost]);

  return (
    <div role="status">
      {isShown && (
        <div className={styles.banner}>
          <IconCloudOff size={16} aria-hidden="true" />
          <span>The connection is lost. What you write is kept and sent when it is back.</span>
          <UnstyledButton fz="inherit" fw={600} c="inherit" td="underline" onClick={live.hurry}>
            Try now
          </UnstyledButton>
        </div>
      )}
    </div>
  );
}
