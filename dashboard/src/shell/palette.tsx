import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import {
  IconBolt,
  IconChartPie,
  IconCircleDot,
  IconClock,
  IconCode,
  IconFilter,
  IconInbox,
  IconKeyboard,
  IconMail,
  IconMessageCircle,
  IconMoonStars,
  IconPlus,
  IconSearch,
  IconUser,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { selectAll } from "../inbox/summaries.ts";
import { useStore } from "../live/store.ts";
import { Face } from "../theme/face.tsx";
import { nameOf } from "../words/names.ts";
import styles from "./overlay.module.css";
import { useStatus } from "./use-status.ts";
import { useWorkspace } from "./workspace.ts";

type Choice = {
  id: string;
  section: string;
  label: string;
  aside?: string;
  icon: ReactNode;
  run(): void;
};

const RECENT_MAX = 30;

const show = (element: HTMLElement | null): void => element?.scrollIntoView({ block: "nearest" });

/** Goes to pages and conversations, and changes one's status, by typing. */
export default function Palette({ onClose, onHelp }: { onClose(): void; onHelp(): void }) {
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState(0);
  const choices = useChoices(onHelp);
  const listId = useId();

  const wanted = typed.trim().toLocaleLowerCase();
  const found = choices.filter((choice) =>
    `${choice.label} ${choice.aside ?? ""}`.toLocaleLowerCase().includes(wanted),
  );
  const shown = wanted === "" ? found.slice(0, 16) : found.slice(0, 40);
  const current = Math.min(marked, shown.length - 1);

  function take(choice: Choice | undefined): void {
    if (choice === undefined) return;
    onClose();
    choice.run();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setMarked((current + step + shown.length) % Math.max(1, shown.length));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      take(shown[current]);
    }
  }

  return (
    <Modal.Root opened onClose={onClose} yOffset="12vh" size={560}>
      <Modal.Overlay />
      <Modal.Content aria-label="Go to anything">
        <div className={styles.search}>
          <IconSearch size={20} aria-hidden="true" />
          <input
            data-autofocus
            role="combobox"
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
            aria-label="Go to a page or a conversation"
            placeholder="Go to a page or a conversation"
            autoComplete="off"
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setMarked(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div id={listId} className={styles.results} role="listbox" aria-label="Results">
          {sectionsOf(shown).map(({ section, first, choices }) => (
            <div key={section} role="group" aria-label={section}>
              <div className={styles.section} aria-hidden="true">
                {section}
              </div>
              {choices.map((choice, offset) => {
                const index = first + offset;
                return (
                  // The keyboard works in the field above, which names the marked option.
                  // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
                  <div
                    key={choice.id}
                    id={`${listId}-${index}`}
                    role="option"
                    tabIndex={-1}
                    aria-selected={index === current}
                    ref={index === current ? show : undefined}
                    className={styles.result}
                    onPointerMove={() => setMarked(index)}
                    onClick={() => take(choice)}
                  >
                    <span className={styles.resultIcon}>{choice.icon}</span>
                    <span dir="auto">{choice.label}</span>
                    {choice.aside !== undefined && (
                      <span className={styles.aside}>{choice.aside}</span>
                    )}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
        {shown.length === 0 && (
          <p className={styles.nothing} role="status">
            Nothing is called that.
          </p>
        )}
      </Modal.Content>
    </Modal.Root>
  );
}

/** The choices by section, each with the place of its first one. */
function sectionsOf(
  choices: readonly Choice[],
): { section: string; first: number; choices: Choice[] }[] {
  const sections: { section: string; first: number; choices: Choice[] }[] = [];
  for (const [index, choice] of choices.entries()) {
    const open = sections.at(-1);
    if (open?.section === choice.section) open.choices.push(choice);
    else sections.push({ section: choice.section, first: index, choices: [choice] });
  }
  return sections;
}

function useChoices(onHelp: () => void): Choice[] {
  const navigate = useNavigate();
  const { live, canManage } = useWorkspace();
  const known = useStore(live.known, (value) => value);
  const { status, setStatus } = useStatus();
  const page = (
    to:
      | "/inbox"
      | "/visitors"
      | "/segments"
      | "/segments/funnel"
      | "/segments/new"
      | "/triggers"
      | "/triggers/new"
      | `/settings/${"profile" | "colleagues" | "widget" | "install" | "email" | "hours"}`,
    label: string,
    icon: ReactNode,
  ): Choice => ({
    id: to,
    section: "Pages",
    label,
    icon,
    run: () => void navigate({ to }),
  });
  return [
    page("/inbox", "Inbox", <IconInbox size={18} />),
    page("/visitors", "Visitors", <IconUsers size={18} />),
    page("/segments", "Segments", <IconChartPie size={18} />),
    page("/segments/funnel", "Funnel", <IconFilter size={18} />),
    ...(canManage ? [page("/segments/new", "New segment", <IconPlus size={18} />)] : []),
    page("/triggers", "Triggers", <IconBolt size={18} />),
    ...(canManage ? [page("/triggers/new", "New trigger", <IconPlus size={18} />)] : []),
    page("/settings/profile", "Your profile", <IconUser size={18} />),
    page("/settings/colleagues", "Colleagues", <IconUsersGroup size={18} />),
    page("/settings/widget", "Widget", <IconMessageCircle size={18} />),
    page("/settings/install", "Install", <IconCode size={18} />),
    page("/settings/email", "Email", <IconMail size={18} />),
    page("/settings/hours", "Opening hours", <IconClock size={18} />),
    {
      id: "status",
      section: "You",
      label: status === "online" ? "Go away" : "Go online",
      aside: status === "online" ? "You are online" : "You are away",
      icon: status === "online" ? <IconMoonStars size={18} /> : <IconCircleDot size={18} />,
      run: () => setStatus(status === "online" ? "away" : "online"),
    },
    {
      id: "help",
      section: "You",
      label: "Keyboard shortcuts",
      icon: <IconKeyboard size={18} />,
      run: onHelp,
    },
    ...selectAll(known)
      .slice(0, RECENT_MAX)
      .map((summary) => ({
        id: summary.id,
        section: "Conversations",
        label: nameOf(summary.visitor),
        aside: summary.visitor.email ?? (summary.status === "closed" ? "Closed" : ""),
        icon: <Face id={summary.visitor.id} name={nameOf(summary.visitor)} size={24} />,
        run: () =>
          void navigate({ to: "/inbox/$conversation", params: { conversation: summary.id } }),
      })),
  ];
}
