import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useWorkspace } from "../shell/workspace.ts";
import { AlertCard } from "./alert-card.tsx";
import styles from "./alerts.module.css";
import { announceAlert } from "./announce.ts";
import { useAlertActions } from "./use-alert-actions.ts";

/** How long an alert is held out to the operator; it stays in the list after that. */
const SHOWN_MS = 15_000;

/** Shows each new alert for a while, with its two actions, and takes it off as soon as somebody has dealt with it. */
export function useAlertNews(): void {
  const { live } = useWorkspace();
  const navigate = useNavigate();
  const actions = useAlertActions();
  const newest = useRef(actions);
  useEffect(() => {
    newest.current = actions;
  });

  useEffect(
    () =>
      live.alerts.onNew((alert) => {
        const hide = (): string => notifications.hide(alert.id);
        const open = (): void => {
          hide();
          void navigate({ to: "/visitors/$visitor", params: { visitor: alert.visitor.id } });
        };
        announceAlert(alert, document.visibilityState === "visible", open);
        notifications.show({
          id: alert.id,
          position: "top-right",
          autoClose: SHOWN_MS,
          classNames: { root: styles.toast ?? "" },
          closeButtonProps: { "aria-label": "Put away; it stays in the list" },
          message: (
            <AlertCard
              alert={alert}
              onOpen={open}
              onWrite={() => {
                hide();
                newest.current.write(alert);
              }}
              onDone={() => newest.current.done(alert)}
            />
          ),
        });
      }),
    [live, navigate],
  );
  useEffect(
    () =>
      live.alerts.onGone((id) => {
        notifications.hide(id);
      }),
    [live],
  );
}
