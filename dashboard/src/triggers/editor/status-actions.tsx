import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
} from "@tabler/icons-react";
import type { TriggerDetail } from "../../../../protocol/triggers-api.ts";
import type { TriggerStatus } from "../../../../protocol/triggers.ts";
import { useTriggerStatus } from "../use-trigger-status.ts";

/** Pause and go on at once; archive behind the dots. */
export function StatusActions({ trigger }: { trigger: TriggerDetail }) {
  const { id, status, hasUnpublished } = trigger;
  const changing = useTriggerStatus();
  const turn = (to: TriggerStatus): void => changing.mutate({ id, status: to });
  return (
    <>
      {status === "live" && (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          loading={changing.isPending}
          onClick={() => turn("paused")}
        >
          Pause
        </Button>
      )}
      {status === "paused" && (
        <Button
          size="sm"
          leftSection={<IconPlayerPlay size={16} />}
          loading={changing.isPending}
          onClick={() => turn("live")}
        >
          {hasUnpublished ? "Publish and go on" : "Go on"}
        </Button>
      )}
      {status === "archived" ? (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconArchiveOff size={16} />}
          loading={changing.isPending}
          onClick={() => turn("draft")}
        >
          Take out of the archive
        </Button>
      ) : (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label="More">
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconArchive size={16} />} onClick={() => turn("archived")}>
              Archive
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
