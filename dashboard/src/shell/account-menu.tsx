import {
  Menu,
  UnstyledButton,
  useMantineColorScheme,
  type MantineColorScheme,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import {
  IconCheck,
  IconCommand,
  IconKeyboard,
  IconLogout,
  IconPlus,
  IconUser,
} from "@tabler/icons-react";
import { operatorChanged } from "../api/acting-operator.ts";
import { api } from "../api/client.ts";
import { wordsFor } from "../api/failure.ts";
import { leave } from "../sign-in/leave.ts";
import { Face } from "../theme/face.tsx";
import { useNarrow } from "../theme/use-narrow.ts";
import styles from "./navigation.module.css";
import { useStatus } from "./use-status.ts";
import { useWorkspace } from "./workspace.ts";

const SCHEMES: { value: MantineColorScheme; label: string }[] = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "As the system" },
];

/** Who one is, one's status, the looks, and the way out. */
export function AccountMenu({ openPalette, openHelp }: { openPalette(): void; openHelp(): void }) {
  const { operator, workspace, workspaces } = useWorkspace();
  const { status, setStatus } = useStatus();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const isNarrow = useNarrow();
  const client = useQueryClient();
  const router = useRouter();
  const navigate = useNavigate();

  function fail(error: unknown): void {
    notifications.show({ color: "red", message: wordsFor(error) });
  }

  async function work(id: string): Promise<void> {
    await api.selectWorkspace(id);
    operatorChanged();
    location.assign("/inbox");
  }

  function chooseScheme(value: string): void {
    const scheme = SCHEMES.find((candidate) => candidate.value === value);
    if (scheme !== undefined) setColorScheme(scheme.value);
  }

  const check = <IconCheck size={16} aria-hidden="true" />;
  return (
    <Menu position={isNarrow ? "top-end" : "right-end"} width={240} offset={8} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton
          className={styles.account}
          aria-label={`${operator.name}, ${status === "online" ? "online" : "away"}: status and account`}
        >
          <Face id={operator.id} name={operator.name} photo={operator.photo} size={32} />
          <span className={styles.status} data-status={status} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <strong title={operator.name}>{operator.name}</strong>
          <span title={workspace.name}>{workspace.name}</span>
        </div>
        <Menu.Divider />
        <Menu.RadioGroup
          value={status}
          onChange={(value) => setStatus(value === "away" ? "away" : "online")}
        >
          <Menu.RadioItem value="online">Online</Menu.RadioItem>
          <Menu.RadioItem value="away">Away</Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconUser size={16} />}
          onClick={() => void navigate({ to: "/settings/profile" })}
        >
          Your profile
        </Menu.Item>
        {!isNarrow && (
          <>
            <Menu.Item leftSection={<IconCommand size={16} />} onClick={openPalette}>
              Go to anything
            </Menu.Item>
            <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openHelp}>
              Keyboard shortcuts
            </Menu.Item>
          </>
        )}
        <Menu.Divider />
        <Menu.Label>Workspaces</Menu.Label>
        {workspaces.length > 1 &&
          workspaces.map((choice) => (
            <Menu.Item
              key={choice.id}
              disabled={choice.id === workspace.id}
              rightSection={choice.id === workspace.id ? check : null}
              onClick={() => void work(choice.id).catch(fail)}
            >
              {choice.name}
            </Menu.Item>
          ))}
        <Menu.Item
          leftSection={<IconPlus size={16} />}
          onClick={() => void navigate({ to: "/welcome" })}
        >
          Another workspace
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={chooseScheme}>
          {SCHEMES.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => void leave(client, router).catch(fail)}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
