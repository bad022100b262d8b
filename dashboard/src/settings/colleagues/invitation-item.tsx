import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconMail } from "@tabler/icons-react";
import type { Colleagues } from "../../../../protocol/operator-api.ts";
import { api } from "../../api/client.ts";
import { wordsFor } from "../../api/failure.ts";
import { colleaguesQuery } from "../../api/queries.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { fullTime, momentWords } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import styles from "../settings.module.css";
import { ROLES } from "./roles.ts";

const MAIL = {
  queued: { words: "Mail on the way", tone: undefined },
  sent: { words: "Mail sent", tone: "good" },
  failed: { words: "Mail failed", tone: "bad" },
} as const;

export function InvitationItem({ invitation }: { invitation: Colleagues["invitations"][number] }) {
  const { canManage } = useWorkspace();
  const now = useNow(20_000);
  const client = useQueryClient();
  const refresh = (): Promise<void> =>
    client.invalidateQueries({ queryKey: colleaguesQuery.queryKey });
  const fail = (title: string) => (error: unknown) => {
    notifications.show({ color: "red", title, message: wordsFor(error) });
  };
  const resend = useMutation({
    mutationFn: () => api.resendInvitation(invitation.id),
    onSuccess: async () => {
      await refresh();
      notifications.show({ message: `The invitation is sent again to ${invitation.email}.` });
    },
    onError: fail("The invitation was not sent again"),
  });
  const revoke = useMutation({
    mutationFn: () => api.revokeInvitation(invitation.id),
    onSuccess: refresh,
    onError: fail("The invitation still stands"),
  });

  const isExpired = invitation.expiresAt <= now;
  const mail = MAIL[invitation.mail];
  return (
    <li className={styles.item} data-wraps="true">
      <IconMail size={20} aria-hidden="true" />
      <span className={styles.itemWords}>
        <span title={invitation.email}>{invitation.email}</span>
        <span title={fullTime(invitation.invitedAt, { now })}>
          {ROLES[invitation.role]},{" "}
          {isExpired ? "expired" : `invited ${momentWords(invitation.invitedAt, { now })}`}
        </span>
      </span>
      <span className={styles.tag} data-tone={isExpired ? "bad" : mail.tone}>
        {isExpired ? "Expired" : mail.words}
      </span>
      {canManage && (
        <div className={styles.row}>
          <Button
            variant="default"
            size="xs"
            aria-label={`Send again to ${invitation.email}`}
            loading={resend.isPending}
            onClick={() => resend.mutate()}
          >
            Send again
          </Button>
          <Button
            variant="subtle"
            color="red"
            size="xs"
            aria-label={`Revoke the invitation of ${invitation.email}`}
            loading={revoke.isPending}
            onClick={() => revoke.mutate()}
          >
            Revoke
          </Button>
        </div>
      )}
    </li>
  );
}
