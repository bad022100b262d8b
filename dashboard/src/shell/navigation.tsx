import { Tooltip, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconBolt, IconChartPie, IconInbox, IconSettings, IconUsers } from "@tabler/icons-react";
import { countsQuery } from "../api/queries.ts";
import { AlertsBell } from "../attention/alerts-bell.tsx";
import { Logo } from "../theme/logo.tsx";
import { useNarrow } from "../theme/use-narrow.ts";
import { count } from "../words/names.ts";
import { AccountMenu } from "./account-menu.tsx";
import styles from "./navigation.module.css";

const PAGES = [
  { to: "/inbox", label: "Inbox", Icon: IconInbox },
  { to: "/visitors", label: "Visitors", Icon: IconUsers },
  { to: "/segments", label: "Segments", Icon: IconChartPie },
  { to: "/triggers", label: "Triggers", Icon: IconBolt },
  { to: "/settings", label: "Settings", Icon: IconSettings },
] as const;

/** The rail on wide screens, the bar at the bottom of phones. */
export function Navigation({ openPalette, openHelp }: { openPalette(): void; openHelp(): void }) {
  const { data: counts } = useQuery(countsQuery);
  const isNarrow = useNarrow();
  const unread = counts?.unread ?? 0;
  return (
    <nav className={styles.navigation} aria-label="Main">
      <div className={styles.logo}>
        <Logo size={32} />
      </div>
      {PAGES.map(({ to, label, Icon }) => {
        const mark = to === "/inbox" ? unread : 0;
        return (
          <Tooltip key={to} label={label} position="right" disabled={isNarrow}>
            <Link to={to} className={styles.entry} activeProps={{ "aria-current": "page" }}>
              <span className={styles.icon}>
                <Icon size={22} stroke={1.7} aria-hidden="true" />
                {mark > 0 && (
                  <span className={styles.mark} aria-hidden="true">
                    {mark > 99 ? "99+" : mark}
                  </span>
                )}
              </span>
              <span className={styles.label}>{label}</span>
              {mark > 0 && <VisuallyHidden>, {count(mark, "unread conversation")}</VisuallyHidden>}
            </Link>
          </Tooltip>
        );
      })}
      <div className={styles.spring} />
      {!isNarrow && <AlertsBell />}
      <AccountMenu openPalette={openPalette} openHelp={openHelp} />
    </nav>
  );
}
