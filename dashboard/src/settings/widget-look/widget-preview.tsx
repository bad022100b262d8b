import { SegmentedControl, useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { TeamAvailability } from "../../../../protocol/operators.ts";
import type { WidgetSettings } from "../../../../protocol/settings.ts";
import { useStore } from "../../live/store.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { EmptyState } from "../../theme/empty-state.tsx";
import styles from "../settings.module.css";

const FACES_MAX = 3;

/** The real widget, in a page of its own, with settings that are not saved yet. */
export function WidgetPreview({ settings }: { settings: WidgetSettings }) {
  const { live, operator } = useWorkspace();
  const colleagues = useStore(live.operators, (value) => value);
  const scheme = useComputedColorScheme();
  const frame = useRef<HTMLIFrameElement>(null);
  const [isReady, setIsReady] = useState(false);
  const [isFailed, setIsFailed] = useState(false);
  const [isOpen, setIsOpen] = useState(true);

  const faces = (colleagues.length > 0 ? colleagues : [operator])
    .toSorted((a, b) => Number(b.status === "online") - Number(a.status === "online"))
    .slice(0, FACES_MAX)
    .map(({ id, name, title, photo }) => ({ id, name, title, photo }));
  const team: TeamAvailability = { isOnline: true, faces, backAt: null };
  const message = JSON.stringify({ type: "parley-preview", settings, team, isOpen });

  useEffect(() => {
    const listen = (event: MessageEvent): void => {
      if (event.source !== frame.current?.contentWindow) return;
      if (event.data?.type === "parley-preview-ready") setIsReady(true);
      if (event.data?.type === "parley-preview-failed") setIsFailed(true);
    };
    addEventListener("message", listen);
    return () => removeEventListener("message", listen);
  }, []);

  useEffect(() => {
    // The frame has an origin of its own, which no name stands for; the settings in it are no secret.
    if (isReady) frame.current?.contentWindow?.postMessage(JSON.parse(message), "*");
  }, [isReady, message]);

  return (
    <aside className={styles.previewPane} aria-label="Preview">
      <SegmentedControl
        aria-label="What the preview shows"
        size="xs"
        value={isOpen ? "chat" : "launcher"}
        onChange={(value) => setIsOpen(value === "chat")}
        data={[
          { value: "chat", label: "Open chat" },
          { value: "launcher", label: "Launcher" },
        ]}
      />
      <div className={styles.preview}>
        {isFailed ? (
          <EmptyState
            title="The preview could not be loaded"
            words="The widget’s script did not answer. Your settings can be saved all the same."
          />
        ) : (
          <iframe
            ref={frame}
            className={styles.previewFrame}
            src={`/widget-preview?scheme=${scheme}`}
            title="Preview of the widget"
            // The widget comes from another origin: it may run here, and reach nothing of the dashboard.
            sandbox="allow-scripts"
            // To be looked at, not to be used.
            inert
          />
        )}
      </div>
    </aside>
  );
}
