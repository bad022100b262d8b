import { ActionIcon, Button, Modal, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { SegmentSummary } from "../../../protocol/segments-api.ts";
import { api } from "../api/client.ts";
import { codeOf, wordsFor } from "../api/failure.ts";
import { funnelQuery, segmentsQuery } from "../api/queries.ts";
import styles from "./segments.module.css";

/** Deletes a segment that nothing uses; names what does otherwise. */
export function DeleteSegment({ segment }: { segment: SegmentSummary }) {
  const [isAsking, setAsking] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const deleting = useMutation({
    mutationFn: () => api.deleteSegment(segment.id),
    onSuccess: async () => {
      await navigate({ to: "/segments" });
      await client.invalidateQueries({ queryKey: segmentsQuery.queryKey });
      void client.invalidateQueries({ queryKey: funnelQuery.queryKey });
      notifications.show({ message: `“${segment.name}” is deleted.` });
    },
    onError: () => void client.invalidateQueries({ queryKey: segmentsQuery.queryKey }),
  });
  const isUsed = segment.usedBy.length > 0;
  return (
    <>
      <Tooltip label="Delete">
        <ActionIcon
          variant="default"
          size={36}
          aria-label={`Delete ${segment.name}`}
          onClick={() => setAsking(true)}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={isUsed ? "This segment is in use" : `Delete “${segment.name}”?`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <p className={styles.modalWords}>
          {isUsed
            ? `It is used by ${segment.usedBy.join(", ")}. Take it out there first.`
            : "The people in it stay as they are. Its conditions are gone."}
        </p>
        {deleting.error !== null && !isUsed && (
          <p className={styles.bad} role="alert">
            Not deleted.{" "}
            {codeOf(deleting.error) === "conflict"
              ? "Something uses it since. Close this and look again."
              : wordsFor(deleting.error)}
          </p>
        )}
        <div className={styles.modalFoot}>
          <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
            {isUsed ? "Close" : "Keep it"}
          </Button>
          {!isUsed && (
            <Button color="red" loading={deleting.isPending} onClick={() => deleting.mutate()}>
              Delete
            </Button>
          )}
        </div>
      </Modal>
    </>
  );
}
