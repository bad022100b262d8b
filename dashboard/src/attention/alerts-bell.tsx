import { CloseButton, Drawer, Popover, UnstyledButton } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { IconBell } from "@tabler/icons-react";
import { useState } from "react";
import type { Alert } from "../../../protocol/inbox-frames.ts";
import { useStore } from "../live/store.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";
import { useNarrow } from "../theme/use-narrow.ts";
import { count } from "../words/names.ts";
import { AlertCard } from "./alert-card.tsx";
import styles from "./alerts.module.css";
import { useAlertActions } from "./use-alert-actions.ts";

/** How many alerts wait, and the list of them: beside the rail, or from below on phones. */
export function AlertsBell() {
  const { live } = useWorkspace();
  const alerts = useStore(live.alerts.list, (list) => list);
  const isNarrow = useNarrow();
  const [isOpen, setIsOpen] = useState(false);
  const close = (): void => setIsOpen(false);
  const words = alerts.length === 0 ? "Alerts" : `Alerts, ${alerts.length} waiting`;
  const bell = (
    <UnstyledButton
      className={styles.bell}
      aria-label={words}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      title={isNarrow ? undefined : words}
      onClick={() => setIsOpen(!isOpen)}
    >
      <IconBell size={22} stroke={1.7} aria-hidden="true" />
      {alerts.length > 0 && (
        <span className={styles.mark} aria-hidden="true">
          {alerts.length > 99 ? "99+" : alerts.length}
        </span>
      )}
    </UnstyledButton>
  );
  if (isNarrow) {
    return (
      <>
        {bell}
        <Drawer
          opened={isOpen}
          onClose={close}
          position="bottom"
          size="80%"
          title={<AlertsTitle amount={alerts.length} />}
          overlayProps={{ backgroundOpacity: 0.2 }}
          closeButtonProps={{ "aria-label": "Close" }}
          classNames={{ body: styles.drawer ?? "" }}
        >
          <AlertList alerts={alerts} onLeave={close} />
        </Drawer>
      </>
    );
  }
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="right-end"
      width={380}
      offset={8}
      trapFocus
      returnFocus
    >
      <Popover.Target>{bell}</Popover.Target>
      <Popover.Dropdown className={styles.panel} aria-label="Alerts">
        <header className={styles.head}>
          <h2 className={styles.title}>
            <AlertsTitle amount={alerts.length} />
          </h2>
          <CloseButton aria-label="Close" onClick={close} />
        </header>
        <AlertList alerts={alerts} onLeave={close} />
      </Popover.Dropdown>
    </Popover>
  );
}

function AlertsTitle({ amount }: { amount: number }) {
  return <>{amount === 0 ? "Alerts" : count(amount, "alert")}</>;
}

function AlertList({ alerts, onLeave }: { alerts: readonly Alert[]; onLeave(): void }) {
  const { write, done, writingTo } = useAlertActions();
  const navigate = useNavigate();
  if (alerts.length === 0) {
    return (
      <div className={styles.none}>
        <EmptyState
          icon={<IconBell size={24} />}
          title="Nothing to look at"
          words="When a trigger wants you to look at somebody, it is here until one of you has dealt with it."
        />
      </div>
    );
  }
  return (
    <ul className={styles.list} aria-label="Alerts">
      {alerts.map((alert) => (
        <li key={alert.id}>
          <AlertCard
            alert={alert}
            isWriting={writingTo === alert.visitor.id}
            onWrite={() => {
              write(alert);
              onLeave();
            }}
            onDone={() => done(alert)}
            onOpen={() => {
              void navigate({ to: "/visitors/$visitor", params: { visitor: alert.visitor.id } });
              onLeave();
            }}
          />
        </li>
      ))}
    </ul>
  );
}
