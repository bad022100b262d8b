import { ActionIcon, Button, Menu, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import type { Colleagues } from "../../../../protocol/operator-api.ts";
import { api } from "../../api/client.ts";
import { wordsFor } from "../../api/failure.ts";
import { colleaguesQuery } from "../../api/queries.ts";
import { useStore } from "../../live/store.ts";
import { useWorkspace } from "../../shell/workspace.ts";
import { Face } from "../../theme/face.tsx";
import styles from "../settings.module.css";
import { ROLE_WORDS, ROLES } from "./roles.ts";

type Colleague = Colleagues["operators"][number];

export function ColleagueItem({ colleague }: { colleague: Colleague }) {
  const { live, operator, canManage } = useWorkspace();
  const [isRemoving, setIsRemoving] = useState(false);
  const client = useQueryClient();
  const isHere = useStore(live.operators, (operators) =>
    operators.some(
      (each) => each.id === colleague.id && each.isConnected && each.status === "online",
    ),
  );
  const changeRole = useMutation({
    mutationFn: (role: "admin" | "agent") => api.changeRole(colleague.id, role),
    onSuccess: () => client.invalidateQueries({ queryKey: colleaguesQuery.queryKey }),
    onError: (error) =>
      notifications.show({
        color: "red",
        title: "The role was not changed",
        message: wordsFor(error),
      }),
  });

  const isMe = colleague.id === operator.id;
  const canChange = canManage && !isMe && colleague.role !== "owner";
  return (
    <li className={styles.item}>
      <Face
        id={colleague.id}
        name={colleague.name}
        photo={colleague.photo}
        size={40}
        isOnline={isHere}
      />
      <span className={styles.itemWords}>
        <span title={colleague.name} dir="auto">
          {colleague.name}
          {isMe && " (you)"}
        </span>
        <span title={colleague.email}>
          {[colleague.title, colleague.email].filter((part) => part !== "").join(" · ")}
        </span>
      </span>
      <span className={styles.quiet}>{isHere ? "Online" : "Away"}</span>
      <span className={styles.tag}>{ROLES[colleague.role]}</span>
      {canChange ? (
        <Menu position="bottom-end" width={280}>
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Change ${colleague.name}`}
              loading={changeRole.isPending}
            >
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Role</Menu.Label>
            {(["agent", "admin"] as const).map((role) => (
              <Menu.Item
                key={role}
                disabled={colleague.role === role}
                onClick={() => changeRole.mutate(role)}
              >
                {ROLES[role]}: {ROLE_WORDS[role].toLowerCase()}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item color="red" onClick={() => setIsRemoving(true)}>
              Remove from the workspace
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : (
        canManage && <span style={{ inlineSize: 34 }} />
      )}
      {isRemoving && <Removal colleague={colleague} onClose={() => setIsRemoving(false)} />}
    </li>
  );
}

function Removal({ colleague, onClose }: { colleague: Colleague; onClose(): void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeOperator(colleague.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: colleaguesQuery.queryKey });
      notifications.show({ message: `${colleague.name} is removed.` });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Remove ${colleague.name}?`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <p className={styles.pageWords}>
        They are signed out of this workspace at once. What they wrote stays, and you can invite
        them again.
      </p>
      {remove.isError && (
        <p className={styles.bad} role="alert">
          {wordsFor(remove.error)}
        </p>
      )}
      <div className={styles.row} style={{ justifyContent: "flex-end", marginBlockStart: 20 }}>
        <Button variant="default" onClick={onClose}>
          Keep
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
          Remove
        </Button>
      </div>
    </Modal>
  );
}
