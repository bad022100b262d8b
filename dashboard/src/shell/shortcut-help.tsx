import { Modal } from "@mantine/core";
import { keyLabel, SHORTCUTS } from "../keyboard/shortcuts.ts";
import { usePreference } from "../preferences.ts";
import styles from "./overlay.module.css";

const GROUPS = [...new Set(SHORTCUTS.map((shortcut) => shortcut.group))];

/** The table of shortcuts, drawn from the table that makes them work. */
export default function ShortcutHelp({ onClose }: { onClose(): void }) {
  const singleKeys = usePreference("singleKeys");
  return (
    <Modal
      opened
      onClose={onClose}
      title="Keyboard shortcuts"
      size={560}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {!singleKeys && <p className={styles.hint}>Single letters are turned off in your profile.</p>}
      <div className={styles.groups}>
        {GROUPS.map((group) => (
          <div key={group}>
            <h3 className={styles.group}>{group}</h3>
            <dl className={styles.shortcuts}>
              {SHORTCUTS.filter((shortcut) => shortcut.group === group).map((shortcut) => (
                <div key={shortcut.id} className={styles.shortcut}>
                  <dt>{shortcut.words}</dt>
                  <dd>
                    {shortcut.keys.map((key) => (
                      <kbd key={key} className={styles.key}>
                        {keyLabel(key)}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </Modal>
  );
}
