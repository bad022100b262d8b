import { Button, ColorInput, SegmentedControl, Switch, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { WidgetSettings } from "../../../../protocol/settings.ts";
import { api } from "../../api/client.ts";
import { settingsQuery } from "../../api/queries.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";
import { useSaving } from "../use-saving.ts";
import { LauncherChoice } from "./launcher-choice.tsx";
import { WidgetPreview } from "./widget-preview.tsx";

const FORM = "widget-form";
const SWATCHES = [
  "#4f46e5",
  "#2563eb",
  "#0e7490",
  "#15803d",
  "#b45309",
  "#c2410c",
  "#be123c",
  "#7e22ce",
  "#1f2937",
];

/** The widget's look, with the real widget beside it. */
export function WidgetForm({ saved }: { saved: WidgetSettings }) {
  const { canManage } = useWorkspace();
  const [widget, setWidget] = useState(saved);
  const saving = useSaving({
    save: api.changeWidget,
    keys: [settingsQuery.queryKey],
    what: "The widget is",
  });
  const change = (part: Partial<WidgetSettings>): void =>
    setWidget((held) => ({ ...held, ...part }));

  const isColor = /^#[0-9a-f]{6}$/.test(widget.color);
  const isWhole = isColor && widget.title.trim() !== "" && widget.greeting.trim() !== "";
  const isChanged = JSON.stringify(widget) !== JSON.stringify(saved);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isWhole && isChanged)
      saving.mutate({ ...widget, title: widget.title.trim(), greeting: widget.greeting.trim() });
  }

  return (
    <div className={styles.split}>
      <form id={FORM} onSubmit={submit}>
        <fieldset disabled={!canManage} className={styles.plainFieldset}>
          <Card title="Words">
            <div className={styles.fields}>
              <TextInput
                label="Title"
                description="The first line of the open chat."
                maxLength={60}
                value={widget.title}
                onChange={(event) => change({ title: event.currentTarget.value })}
                error={widget.title.trim() === "" ? "Write a title." : null}
              />
              <Textarea
                label="Greeting"
                description="The words under it."
                autosize
                minRows={2}
                maxLength={240}
                value={widget.greeting}
                onChange={(event) => change({ greeting: event.currentTarget.value })}
                error={widget.greeting.trim() === "" ? "Write a greeting." : null}
              />
            </div>
          </Card>
          <Card
            title="Look"
            foot={
              <>
                {isChanged && (
                  <Button variant="subtle" color="gray" onClick={() => setWidget(saved)}>
                    Discard changes
                  </Button>
                )}
                <Button type="submit" disabled={!isChanged || !isWhole} loading={saving.isPending}>
                  Save
                </Button>
              </>
            }
          >
            <div className={styles.fields}>
              <ColorInput
                label="Colour"
                description="Text on it is black or white, whichever is easier to read."
                format="hex"
                swatches={SWATCHES}
                swatchesPerRow={9}
                value={widget.color}
                disabled={!canManage}
                onChange={(color) => change({ color: color.toLowerCase() })}
                error={isColor ? null : "Write a colour such as #4f46e5."}
                eyeDropperButtonProps={{ "aria-label": "Pick from the screen" }}
              />
              <div>
                <p id="position-label" className={styles.label}>
                  Position
                </p>
                <SegmentedControl
                  aria-labelledby="position-label"
                  disabled={!canManage}
                  value={widget.position}
                  onChange={(value) => change({ position: value === "left" ? "left" : "right" })}
                  data={[
                    { value: "left", label: "Left" },
                    { value: "right", label: "Right" },
                  ]}
                />
              </div>
              <LauncherChoice
                value={widget.launcher}
                onChange={(launcher) => change({ launcher })}
              />
              <Switch
                label="Hide the launcher"
                description="It shows when the page calls parley('show') or parley('open')."
                checked={widget.isHidden}
                onChange={(event) => change({ isHidden: event.currentTarget.checked })}
              />
            </div>
          </Card>
        </fieldset>
      </form>
      <WidgetPreview settings={isWhole ? widget : saved} />
    </div>
  );
}
