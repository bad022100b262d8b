import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { IconAlertCircle, IconMail, IconMailCheck } from "@tabler/icons-react";
import type { MailedEntry } from "../../../protocol/entries.ts";
import type { ConversationId } from "../../../protocol/ids.ts";
import { api } from "../api/client.ts";
import { wordsFor } from "../api/failure.ts";
import { useWorkspace } from "../shell/workspace.ts";
import { momentWords } from "../words/times.ts";
import { useNow } from "../words/use-now.ts";
import { mailAgainOf, mailedWords } from "./mail-words.ts";
import styles from "./message-log.module.css";

/** What became of a message as a mail; what did not arrive, or may not have, can be sent again. */
export function MailedLine({
  conversation,
  mailed,
}: {
  conversation: ConversationId;
  mailed: MailedEntry;
}) {
  const { live } = useWorkspace();
  const how = mailAgainOf(mailed);
  const again = useMutation({
    mutationFn: () => api.mailAgain(conversation, mailed.message, how === "anyway"),
    onSuccess: live.apply,
    onError: (error) =>
      notifications.show({
        color: "red",
        title: "The mail was not sent again",
        message: wordsFor(error),
      }),
  });
  const now = useNow(60_000);
  const goesOut = mailed.until === undefined ? undefined : momentWords(mailed.until, { now });
  const isOver = how !== null;
  const Icon = isOver ? IconAlertCircle : mailed.state === "delivered" ? IconMailCheck : IconMail;
  return (
    <div
      className={styles.fate}
      data-failed={isOver ? true : undefined}
      role={isOver ? "alert" : "status"}
      title={mailed.code ?? undefined}
    >
      <span className={styles.fateWords}>
        <Icon size={14} aria-hidden="true" />
        {mailedWords(mailed, goesOut)}
      </span>
      {isOver && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="red"
          loading={again.isPending}
          onClick={() => again.mutate()}
        >
          {how === "anyway" ? "Send anyway" : "Send again"}
        </Button>
      )}
    </div>
  );
}
