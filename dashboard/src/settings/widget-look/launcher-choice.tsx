import { IconHelp, IconMessageCircle, IconMoodSmile } from "@tabler/icons-react";
import type { WidgetSettings } from "../../../../protocol/settings.ts";
import styles from "../settings.module.css";

const LAUNCHERS = [
  { value: "bubble", label: "Bubble", Icon: IconMessageCircle },
  { value: "smile", label: "Smile", Icon: IconMoodSmile },
  { value: "question", label: "Question", Icon: IconHelp },
] as const;

type Props = {
  value: WidgetSettings["launcher"];
  onChange(value: WidgetSettings["launcher"]): void;
};

export function LauncherChoice({ value, onChange }: Props) {
  return (
    <fieldset className={styles.plainFieldset}>
      <legend className={styles.label}>Launcher</legend>
      <div className={styles.launchers}>
        {LAUNCHERS.map(({ value: each, label, Icon }) => (
          <label key={each} className={styles.launcher}>
            <input
              type="radio"
              name="launcher"
              value={each}
              checked={value === each}
              onChange={() => onChange(each)}
            />
            <Icon size={24} stroke={1.7} aria-hidden="true" />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
