import { ActionIcon, CopyButton } from "@mantine/core";
import {
  IconAt,
  IconCheck,
  IconCopy,
  IconHash,
  IconPhone,
  IconRosetteDiscountCheck,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Identifier, PersonCard } from "../../../protocol/person.ts";
import { Face } from "../theme/face.tsx";
import { nameOf } from "../words/names.ts";
import { agoWords, fullTime, stopwatch } from "../words/times.ts";
import { safeHref, pathOf } from "../words/links.ts";
import { useNow } from "../words/use-now.ts";
import styles from "./person.module.css";

const ICONS = { email: IconAt, phone: IconPhone, user_id: IconHash } as const;

/** Who this is, whether they are here, and how they can be reached. */
export function Identity({ person, action }: { person: PersonCard; action?: ReactNode }) {
  const now = useNow(person.isOnline ? 1_000 : 20_000);
  const name = nameOf(person);
  return (
    <div className={styles.identity}>
      <Face id={person.id} name={name} size={64} isOnline={person.isOnline} />
      <h2 className={styles.name} dir="auto" title={name}>
        {name}
      </h2>
      {person.name === null && <p className={styles.quiet}>Has not said their name</p>}
      {person.isOnline ? (
        <p className={styles.presence} data-online>
          On the site now
        </p>
      ) : (
        <p className={styles.presence} title={fullTime(person.lastSeenAt, { now })}>
          Last seen {agoWords(person.lastSeenAt, { now })}
        </p>
      )}
      {action !== undefined && <div className={styles.action}>{action}</div>}
      {person.page !== null && (
        <div className={styles.page}>
          <div className={styles.pageHead}>
            <span>{person.isOnline ? "Looking at" : "Last looked at"}</span>
            {person.isOnline && (
              <span className="numbers" title="Time on this page">
                {stopwatch(now - person.page.since)}
              </span>
            )}
          </div>
          <PageLink url={person.page.url} title={person.page.title} />
        </div>
      )}
      {person.identifiers.length > 0 && (
        <ul className={styles.contacts} aria-label="Contacts">
          {person.identifiers.map((identifier) => (
            <Contact
              key={`${identifier.kind}.${identifier.value}`}
              identifier={identifier}
              purpose={purposeOf(person, identifier)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

/** A page by its title and path; a link only if its address is one that may be opened. */
export function PageLink({ url, title }: { url: string; title: string | null }) {
  const href = safeHref(url);
  const path = pathOf(url);
  const words = (
    <>
      <span className={styles.pageTitle} dir="auto">
        {title?.trim() || path}
      </span>
      {title !== null && title.trim() !== "" && <span className={styles.pagePath}>{path}</span>}
    </>
  );
  return href === null ? (
    <span className={styles.pageLink} title={url}>
      {words}
    </span>
  ) : (
    <a
      className={styles.pageLink}
      href={href}
      title={url}
      target="_blank"
      rel="noopener noreferrer nofollow"
    >
      {words}
    </a>
  );
}

/** What goes to an address; null where nothing was said of it. */
function purposeOf({ contact }: PersonCard, { kind, value }: Identifier): string | null {
  if (kind !== "email" || contact?.address !== value) return null;
  return contact.isEverything ? "Gets everything by email" : "Answered by email, if not read";
}

function Contact({ identifier, purpose }: { identifier: Identifier; purpose: string | null }) {
  const Icon = ICONS[identifier.kind];
  return (
    <li className={styles.contact}>
      <Icon size={16} aria-hidden="true" className={styles.contactIcon} />
      <span className={styles.contactValue}>
        <span className={styles.contactText} title={identifier.value} dir="auto">
          {identifier.value}
        </span>
        {identifier.isVerified ? (
          <span className={styles.verified}>
            <IconRosetteDiscountCheck size={14} aria-hidden="true" /> Verified
          </span>
        ) : (
          <span
            className={styles.claimed}
            title="Typed in by the person, or claimed by the page. Nothing proves it yet."
          >
            Claimed, not verified
          </span>
        )}
        {purpose !== null && <span className={styles.claimed}>{purpose}</span>}
      </span>
      <CopyButton value={identifier.value}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={copied ? "Copied" : `Copy ${identifier.value}`}
            onClick={copy}
          >
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        )}
      </CopyButton>
    </li>
  );
}
