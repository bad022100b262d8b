import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useWorkspace } from "../shell/workspace.ts";
import { AlertCard } from "./alert-card.tsx";
import styles from "./alerts.module.css";
import { announceAlert } from "./announce.ts";
import { createToastPace, SHOWN_MS } from "./toast-pace.ts";
import { useAlertActions } from "./use-alert-actions.ts";

/** Shows each new alert for a while, with its two actions, and takes it off as soon as somebody has dealt with it. */
export function useAlertNews(): void {
  const { live } = useWorkspace();
  const navigate = useNavigate();
  const actions = useAlertActions();
  const newest = useRef(actions);
  useEffect(() => {
    newest.current = actions;
  });

  const [mayShow] = useState(createToastPace);
  useEffect(
    () =>
      live.alerts.onNew((alert) => {
        if (!mayShow(Date.now())) return;
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
    [live, navigate, mayShow],
  );
  useEffect(
    () =>
      live.alerts.onGone((id) => {
        notifications.hide(id);
      }),
    [live],
  );
}
