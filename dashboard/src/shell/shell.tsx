import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useParams, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { OperatorId } from "../../../protocol/ids.ts";
import { meQuery } from "../api/queries.ts";
import { allowSoundAfterFirstTouch } from "../attention/sound.ts";
import { useAlertNews } from "../attention/use-alert-news.tsx";
import { useShortcuts } from "../keyboard/use-shortcuts.ts";
import { createWorkspaceLive, type WorkspaceLive } from "../live/workspace-live.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { InvitationBanner } from "./invitation-banner.tsx";
import { Navigation } from "./navigation.tsx";
import styles from "./shell.module.css";
import { useAttention } from "./use-attention.ts";
import { WorkspaceContext, type Workspace } from "./workspace.ts";

const Palette = lazy(() => import("./palette.tsx"));
const ShortcutHelp = lazy(() => import("./shortcut-help.tsx"));

/** The frame around every page of a signed-in operator. */
export function Shell() {
  const { data: me } = useSuspenseQuery(meQuery);
  const live = useLive(me.operator?.id ?? null);
  if (me.workspace === null || me.operator === null || live === null) return null;
  const workspace: Workspace = {
    workspace: me.workspace,
    operator: me.operator,
    email: me.email,
    workspaces: me.workspaces,
    invitations: me.invitations,
    canManage: me.operator.role !== "agent",
    live,
  };
  return (
    <WorkspaceContext value={workspace}>
      <Frame />
    </WorkspaceContext>
  );
}

/** A right that ended while the session still stands, as after signing in again elsewhere, is asked for anew. */
const ANEW_AFTER_MS = 1_000;

/** One live view for each operator of a workspace; another one closes the former's sockets. */
function useLive(operator: OperatorId | null): WorkspaceLive | null {
  const client = useQueryClient();
  const router = useRouter();
  const [generation, setGeneration] = useState(0);
  const live = useMemo(() => {
    if (operator === null) return null;
    return createWorkspaceLive(client, operator, () => {
      // Whoever is signed out is led to the sign-in by the failing request; a removed colleague by the router.
      void client
        .refetchQueries({ queryKey: meQuery.queryKey }, { throwOnError: true })
        .then(() => router.invalidate())
        .then(() => setTimeout(() => setGeneration(generation + 1), ANEW_AFTER_MS))
        .catch(() => {});
    });
  }, [operator, client, router, generation]);
  useEffect(() => live?.start(), [live]);
  return live;
}

function Frame() {
  const [overlay, setOverlay] = useState<"palette" | "help" | null>(null);
  const { conversation } = useParams({ strict: false });
  useAttention();
  useAlertNews();
  useEffect(allowSoundAfterFirstTouch, []);
  useShortcuts({
    palette: () => setOverlay((shown) => (shown === "palette" ? null : "palette")),
    help: () => setOverlay("help"),
  });
  const actions = useMemo(
    () => ({ openPalette: () => setOverlay("palette"), openHelp: () => setOverlay("help") }),
    [],
  );
  return (
    <div className={styles.shell} data-in-conversation={conversation !== undefined}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <Navigation {...actions} />
      <div className={styles.stage}>
        <ConnectionBanner />
        <InvitationBanner />
        <main id="main" className={styles.main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Suspense>
        {overlay === "palette" && (
          <Palette onClose={() => setOverlay(null)} onHelp={actions.openHelp} />
        )}
        {overlay === "help" && <ShortcutHelp onClose={() => setOverlay(null)} />}
      </Suspense>
    </div>
  );
}
