import { Button, Drawer } from "@mantine/core";
import { IconMessagePlus } from "@tabler/icons-react";
import type { VisitorId } from "../../../protocol/ids.ts";
import { useNarrow } from "../theme/use-narrow.ts";
import { useWrite } from "../visitors/use-write.ts";
import { PersonPane } from "./person-pane.tsx";
import styles from "./person.module.css";

/** One of the people in a list, beside it. */
export function PersonDrawer({ visitor, onClose }: { visitor: VisitorId | null; onClose(): void }) {
  const isNarrow = useNarrow();
  const write = useWrite();
  return (
    <Drawer
      opened={visitor !== null}
      onClose={onClose}
      position="right"
      size={isNarrow ? "100%" : 400}
      title="Person"
      overlayProps={{ backgroundOpacity: 0.2 }}
      closeButtonProps={{ "aria-label": "Close" }}
      classNames={{ body: styles.drawer ?? "" }}
    >
      {visitor !== null && (
        <PersonPane
          key={visitor}
          visitor={visitor}
          action={
            <Button
              size="xs"
              leftSection={<IconMessagePlus size={16} />}
              loading={write.isPending}
              onClick={() => write.mutate(visitor)}
            >
              Write
            </Button>
          }
        />
      )}
    </Drawer>
  );
}
