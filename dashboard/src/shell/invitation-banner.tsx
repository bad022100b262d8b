import { Link } from "@tanstack/react-router";
import { IconMailOpened } from "@tabler/icons-react";
import styles from "./shell.module.css";
import { useWorkspace } from "./workspace.ts";

/** Somebody who works in one workspace already is asked into another. */
export function InvitationBanner() {
  const { invitations } = useWorkspace();
  const [first] = invitations;
  if (first === undefined) return null;
  return (
    <div className={styles.banner} data-tone="accent">
      <IconMailOpened size={16} aria-hidden="true" />
      <span>
        {first.inviterName} invites you to {first.workspaceName}.
      </span>
      <Link to="/welcome" className={styles.bannerLink}>
        Look at it
      </Link>
    </div>
  );
}
