import { Radio, Stack } from "@mantine/core";
import type { IdentityMode } from "../../../../protocol/settings.ts";
import { api } from "../../api/client.ts";
import { identityQuery } from "../../api/queries.ts";
import { Card } from "../page.tsx";
import { useSaving } from "../use-saving.ts";

const MODES: { mode: IdentityMode; label: string; words: string }[] = [
  {
    mode: "off",
    label: "Take everything",
    words: "Emails, phone numbers and user ids that a page tells are kept as claims.",
  },
  {
    mode: "warn",
    label: "Take everything, and say so",
    words: "The same, and each claim without a proof is marked in the person’s timeline.",
  },
  {
    mode: "enforce",
    label: "Only with a proof",
    words:
      "What a page tells without a proof is refused. Switch it on once the share above is high.",
  },
];

/** A claim never shows anybody a history, whichever of these is chosen. */
export function ModeCard({ mode }: { mode: IdentityMode }) {
  const saving = useSaving({
    save: api.changeIdentityMode,
    keys: [identityQuery.queryKey],
    what: "The choice is",
  });
  return (
    <Card
      title="Identifiers without a proof"
      words="Nobody ever sees another person’s messages because of a claim. This decides whether your team sees the claim at all."
    >
      <Radio.Group
        aria-label="Identifiers without a proof"
        value={saving.isPending ? saving.variables : mode}
        onChange={(next) => {
          const chosen = MODES.find((one) => one.mode === next);
          if (chosen !== undefined) saving.mutate(chosen.mode);
        }}
      >
        <Stack gap={12}>
          {MODES.map((one) => (
            <Radio key={one.mode} value={one.mode} label={one.label} description={one.words} />
          ))}
        </Stack>
      </Radio.Group>
    </Card>
  );
}
