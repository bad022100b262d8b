import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useNarrow } from "../theme/use-narrow.ts";
import { SETTINGS } from "./settings-entries.tsx";
import styles from "./settings.module.css";

/** Settings: the list of pages, and the page. */
export function SettingsPage() {
  const isNarrow = useNarrow();
  const isHome = useRouterState({
    select: (state) => /^\/settings\/?$/.test(state.location.pathname),
  });
  return (
    <div className={styles.settings}>
      {(!isNarrow || isHome) && (
        <nav className={styles.menu} aria-label="Settings">
          {isNarrow ? (
            <h1 className={styles.menuTitle}>Settings</h1>
          ) : (
            <p className={styles.menuTitle}>Settings</p>
          )}
          {SETTINGS.map(({ to, label, Icon }) => (
            <Link
              key={to}
              to={to}
              className={styles.menuEntry}
              activeProps={{ "aria-current": "page" }}
            >
              <Icon size={18} stroke={1.7} aria-hidden="true" />
              {label}
            </Link>
          ))}
        </nav>
      )}
      {(!isNarrow || !isHome) && (
        <div className={styles.content}>
          <Outlet />
        </div>
      )}
    </div>
  );
}
