import { SegmentedControl } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { IconBell, IconEyeOff } from "@tabler/icons-react";
import { useState } from "react";
import type { DeliveryId } from "../../../../protocol/ids.ts";
import type { MomentPreview as Answer } from "../../../../protocol/triggers-api.ts";
import {
  action as actionSchema,
  type Action,
  type Moments,
} from "../../../../protocol/triggers.ts";
import { api } from "../../api/client.ts";
import { settingsQuery } from "../../api/queries.ts";
import { skipWords } from "../../person/skip-words.ts";
import { WidgetFrame } from "../../widget-frame/widget-frame.tsx";
import { flawsOfAction } from "../flaws.ts";
import { refusalWords } from "../refusal.ts";
import styles from "./editor.module.css";
import { PersonChoice, type PreviewPerson } from "./person-choice.tsx";

const PAUSE_MS = 400;
const NOTHING: Moments = { shown: [], armed: [] };
/** Never leaves the preview. */
const PREVIEW_ID = "dlv_preview" as DeliveryId;

/** What a person would be shown, by the real widget. */
export function MomentPreview({ action }: { action: Action }) {
  const [person, setPerson] = useState<PreviewPerson | null>(null);
  const [isPhone, setIsPhone] = useState(false);
  const { data: settings } = useQuery(settingsQuery);
  const [asked] = useDebouncedValue(action, PAUSE_MS);
  const [flaw] = flawsOfAction(asked);
  const isWhole = flaw === undefined && actionSchema.safeParse(asked).success;
  const visitor = person?.id ?? null;
  const { data, error } = useQuery({
    queryKey: ["moment-preview", visitor, JSON.stringify(asked)],
    queryFn: () => api.previewMoment(asked, visitor),
    enabled: isWhole,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  });
  const words = isWhole ? whyNothing(data, error) : notYetWords(flaw?.text);
  const content = words === null ? (data?.content ?? null) : null;
  const moments: Moments =
    content === null
      ? NOTHING
      : {
          armed: [],
          shown: [{ delivery: PREVIEW_ID, content, from: data?.from ?? null, at: PREVIEW_AT }],
        };
  return (
    <aside className={styles.previewPane} aria-label="Preview">
      <div className={styles.previewHead}>
        <PersonChoice value={person} onChange={setPerson} />
        <SegmentedControl
          aria-label="Size of the screen"
          size="xs"
          value={isPhone ? "phone" : "desktop"}
          onChange={(value) => setIsPhone(value === "phone")}
          data={[
            { value: "desktop", label: "Desktop" },
            { value: "phone", label: "Phone" },
          ]}
        />
      </div>
      {words !== null && (
        <p className={styles.previewWords} role="status">
          <IconEyeOff size={16} aria-hidden="true" />
          {words}
        </p>
      )}
      {action.type === "alert" ? (
        <AlertPreview text={data?.alert ?? ""} person={person?.name ?? "Calm Otter"} />
      ) : (
        <div className={styles.preview} data-size={isPhone ? "phone" : "desktop"}>
          {settings !== undefined && (
            <WidgetFrame
              key={isPhone ? "phone" : "desktop"}
              settings={settings.widget}
              isOpen={content?.kind === "chat"}
              moments={moments}
              title="What the person would see"
              className={styles.previewFrame}
              failure="The widget’s script did not answer. The trigger can be saved all the same."
            />
          )}
        </div>
      )}
    </aside>
  );
}

const PREVIEW_AT = Date.now();

const notYetWords = (flaw = "Something here is not as it should be."): string =>
  `It appears here when it is complete. ${flaw}`;

function whyNothing(data: Answer | undefined, error: Error | null): string | null {
  if (error !== null) return `This cannot be shown: ${refusalWords(error)}`;
  const problem = data?.problem ?? null;
  if (problem === null) return null;
  return `This person would be shown nothing: ${skipWords(problem.reason, problem.detail)}.`;
}

function AlertPreview({ text, person }: { text: string; person: string }) {
  return (
    <div className={styles.alert}>
      <IconBell size={18} aria-hidden="true" />
      <div>
        <strong dir="auto">{person}</strong>
        <p dir="auto">{text === "" ? "…" : text}</p>
      </div>
    </div>
  );
}
