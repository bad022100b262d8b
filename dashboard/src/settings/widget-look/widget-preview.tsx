import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { WidgetSettings } from "../../../../protocol/settings.ts";
import { WidgetFrame } from "../../widget-frame/widget-frame.tsx";
import styles from "../settings.module.css";

/** The real widget with settings that are not saved yet. */
export function WidgetPreview({ settings }: { settings: WidgetSettings }) {
  const [isOpen, setIsOpen] = useState(true);
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
        <WidgetFrame
          settings={settings}
          isOpen={isOpen}
          title="Preview of the widget"
          className={styles.previewFrame}
          failure="The widget’s script did not answer. Your settings can be saved all the same."
        />
      </div>
    </aside>
  );
}
