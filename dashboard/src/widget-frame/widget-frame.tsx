import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { TeamAvailability } from "../../../protocol/operators.ts";
import type { WidgetSettings } from "../../../protocol/settings.ts";
import type { Moments } from "../../../protocol/triggers.ts";
import { useStore } from "../live/store.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { EmptyState } from "../theme/empty-state.tsx";

const FACES_MAX = 3;

type Props = {
  settings: WidgetSettings;
  /** Whether the chat is open. */
  isOpen: boolean;
  /** What a trigger would show; left as it is without it. */
  moments?: Moments;
  title: string;
  className: string | undefined;
  /** Said when the widget's script does not answer. */
  failure: string;
};

/** The real widget, in a page of its own, with what is not saved yet. */
export function WidgetFrame({ settings, isOpen, moments, title, className, failure }: Props) {
  const { live, operator } = useWorkspace();
  const colleagues = useStore(live.operators, (value) => value);
  const scheme = useComputedColorScheme();
  const frame = useRef<HTMLIFrameElement>(null);
  /** How often a page in the frame has said that it is ready: with another scheme it is another page. */
  const [readies, setReadies] = useState(0);
  const [isFailed, setIsFailed] = useState(false);

  const faces = (colleagues.length > 0 ? colleagues : [operator])
    .toSorted((a, b) => Number(b.status === "online") - Number(a.status === "online"))
    .slice(0, FACES_MAX)
    .map(({ id, name, title: role, photo }) => ({ id, name, title: role, photo }));
  const team: TeamAvailability = { isOnline: true, faces, backAt: null };
  const message = JSON.stringify({ type: "parley-preview", settings, team, isOpen, moments });

  useEffect(() => {
    const listen = (event: MessageEvent): void => {
      if (event.source !== frame.current?.contentWindow) return;
      if (event.data?.type === "parley-preview-ready") setReadies((before) => before + 1);
      if (event.data?.type === "parley-preview-failed") setIsFailed(true);
    };
    addEventListener("message", listen);
    return () => removeEventListener("message", listen);
  }, []);

  useEffect(() => {
    // The frame has an origin of its own, which no name stands for; the settings in it are no secret.
    if (readies > 0) frame.current?.contentWindow?.postMessage(JSON.parse(message), "*");
  }, [readies, message]);

  if (isFailed) return <EmptyState title="The preview could not be loaded" words={failure} />;
  return (
    <iframe
      ref={frame}
      className={className}
      src={`/widget-preview?scheme=${scheme}`}
      title={title}
      // The widget comes from another origin: it may run here, and reach nothing of the dashboard.
      sandbox="allow-scripts"
      // To be looked at, not to be used.
      inert
    />
  );
}
