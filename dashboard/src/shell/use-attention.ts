import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { countsQuery } from "../api/queries.ts";
import { announce, concerns } from "../attention/announce.ts";
import { markTab } from "../attention/tab-mark.ts";
import { useStore } from "../live/store.ts";
import { useWorkspace } from "./workspace.ts";

const PAGES: readonly [string, string][] = [
  ["/inbox", "Inbox"],
  ["/visitors", "Visitors"],
  ["/segments", "Segments"],
  ["/triggers", "Triggers"],
  ["/settings", "Settings"],
];

/** Keeps the tab's title and icon, and announces what the operator is not looking at. */
export function useAttention(): void {
  const { live, operator } = useWorkspace();
  const { data: counts } = useQuery(countsQuery);
  const { conversation = null } = useParams({ strict: false });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const looksAt = useRef(conversation);

  const alerts = useStore(live.alerts.list, (list) => list.length);
  const waiting = (counts?.unread ?? 0) + alerts;
  useEffect(() => {
    markTab(PAGES.find(([prefix]) => path.startsWith(prefix))?.[1] ?? "", waiting);
  }, [path, waiting]);

  useEffect(() => {
    looksAt.current = conversation;
  }, [conversation]);

  useEffect(
    () =>
      live.onMessage((summary) => {
        const looking = {
          conversation: looksAt.current,
          isVisible: document.visibilityState === "visible",
        };
        if (!concerns(summary, operator.id, looking)) return;
        announce(
          summary,
          (id) => void navigate({ to: "/inbox/$conversation", params: { conversation: id } }),
        );
      }),
    [live, operator.id, navigate],
  );

  useEffect(() => () => markTab("", 0), []);
}
