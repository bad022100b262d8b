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
  return <div role="status">{isLost && <Loss onRetry={live.hurry} />}</div>;
}

function Loss({ onRetry }: { onRetry(): void }) {
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return null;
  return (
    <div className={styles.banner}>
      <IconCloudOff size={16} aria-hidden="true" />
      <span>The connection is lost. What you write is kept and sent when it is back.</span>
      <UnstyledButton fz="inherit" fw={600} c="inherit" td="underline" onClick={onRetry}>
        Try now
      </UnstyledButton>
    </div>
  );
}
