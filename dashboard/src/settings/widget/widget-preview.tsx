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
  const frame = useRef<HTMLIFrameElement>(null);
  const [isReady, setIsReady] = useState(false);
  const [isFailed, setIsFailed] = useState(false);

  const faces = (colleagues.length > 0 ? colleagues : [operator])
    .toSorted((a, b) => Number(b.status === "online") - Number(a.status === "online"))
    .slice(0, FACES_MAX)
    .map(({ id, name, title, photo }) => ({ id, name, title, photo }));
  const team: TeamAvailability = { isOnline: true, faces, backAt: null };
  const message = JSON.stringify({ type: "parley-preview", settings, team });

  useEffect(() => {
    const listen = (event: MessageEvent): void => {
      if (event.origin !== location.origin || event.source !== frame.current?.contentWindow) return;
      if (event.data?.type === "parley-preview-ready") setIsReady(true);
      if (event.data?.type === "parley-preview-failed") setIsFailed(true);
    };
    addEventListener("message", listen);
    return () => removeEventListener("message", listen);
  }, []);

  useEffect(() => {
    if (isReady) frame.current?.contentWindow?.postMessage(JSON.parse(message), location.origin);
  }, [isReady, message]);

  return (
    <aside className={styles.preview} aria-label="Preview">
      {isFailed ? (
        <div className={styles.previewFrame}>
          <EmptyState
            title="The preview could not be loaded"
            words="The widget’s script did not answer. Your settings can be saved all the same."
          />
        </div>
      ) : (
        <iframe
          ref={frame}
          className={styles.previewFrame}
          src="/widget-preview"
          title="Preview of the widget"
        />
      )}
    </aside>
  );
}
