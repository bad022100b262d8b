import { Button, Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import styles from "./segments.module.css";

/** Asks before something unsaved is left. Opening a person beside the page leaves nothing. */
export function LeaveGuard({ isChanged, what }: { isChanged(): boolean; what: string }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && isChanged(),
    enableBeforeUnload: isChanged,
    withResolver: true,
  });
  return (
    <Modal
      opened={blocker.status === "blocked"}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <p className={styles.modalWords}>
        What you changed in {what} is not saved and would be lost.
      </p>
      <div className={styles.modalFoot}>
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          Leave
        </Button>
        <Button data-autofocus onClick={() => blocker.reset?.()}>
          Stay here
        </Button>
      </div>
    </Modal>
  );
}
