import type { PersonCard, VisitSession } from "../../../protocol/person.ts";
import { hostOf, pathOf, safeHref } from "../words/links.ts";
import { count } from "../words/names.ts";
import { countryName, flag, languageName, localTime, zoneCity } from "../words/places.ts";
import { duration, fullTime, momentWords } from "../words/times.ts";
import { useNow } from "../words/use-now.ts";
import { Fact, Section } from "./section.tsx";
import styles from "./person.module.css";

const DEVICES = { desktop: "Computer", phone: "Phone", tablet: "Tablet" } as const;

/** Where they came from, with what, and from which part of the world. */
export function Visit({ person }: { person: PersonCard }) {
  const { session } = person;
  const now = useNow(20_000);
  return (
    <Section
      title={person.isOnline ? "This visit" : "Last visit"}
      aside={session === null ? undefined : spent(session, person.isOnline, now)}
    >
      <dl className={styles.facts}>
        {session !== null && <SessionFacts session={session} now={now} />}
        {person.firstSource !== null && person.firstSource !== session?.source && (
          <Fact name="First came from">{person.firstSource}</Fact>
        )}
        <Fact name="Visits">
          {person.sessions === 1 ? "This is the first" : person.sessions.toLocaleString()}
        </Fact>
        <Fact name="First seen" title={fullTime(person.firstSeenAt, { now })}>
          {momentWords(person.firstSeenAt, { now })}
        </Fact>
      </dl>
    </Section>
  );
}

function spent(session: VisitSession, isOnline: boolean, now: number): string {
  const ms = isOnline ? now - session.startedAt : session.activeMs;
  return `${duration(ms)}, ${count(session.pages, "page")}`;
}

function SessionFacts({ session, now }: { session: VisitSession; now: number }) {
  const time = session.timeZone === null ? null : localTime(session.timeZone, now);
  const device = [session.browser, session.os].filter((part) => part !== null).join(" on ");
  return (
    <>
      <Fact name="Came from" title={session.referrer ?? undefined}>
        {session.source}
      </Fact>
      {session.referrer !== null && hostOf(session.referrer) !== session.source && (
        <Fact name="Referrer" title={session.referrer}>
          <Address url={session.referrer} words={hostOf(session.referrer)} />
        </Fact>
      )}
      {session.landing !== null && (
        <Fact name="Landed on" title={session.landing}>
          <Address url={session.landing} words={pathOf(session.landing)} />
        </Fact>
      )}
      {session.utm !== null &&
        Object.entries(session.utm).map(([key, value]) => (
          <Fact key={key} name={`UTM ${key}`} title={value}>
            {value}
          </Fact>
        ))}
      <Fact name="Device">
        {device === "" ? DEVICES[session.device] : `${DEVICES[session.device]}, ${device}`}
      </Fact>
      {session.country !== null && (
        <Fact name="Country">
          <span aria-hidden="true">{flag(session.country)} </span>
          {countryName(session.country)}
        </Fact>
      )}
      {session.language !== null && <Fact name="Language">{languageName(session.language)}</Fact>}
      {session.timeZone !== null && (
        <Fact name="Their time" title={session.timeZone}>
          {time === null ? session.timeZone : `${time}, ${zoneCity(session.timeZone)}`}
        </Fact>
      )}
    </>
  );
}

function Address({ url, words }: { url: string; words: string }) {
  const href = safeHref(url);
  return href === null ? (
    <>{words}</>
  ) : (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {words}
    </a>
  );
}
