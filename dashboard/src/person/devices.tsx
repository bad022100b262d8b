import {
  IconDeviceDesktop,
  IconDeviceMobile,
  IconDeviceTablet,
  IconRosetteDiscountCheck,
} from "@tabler/icons-react";
import type { PersonCard, PersonDevice } from "../../../protocol/person.ts";
import { agoWords, fullTime } from "../words/times.ts";
import { useNow } from "../words/use-now.ts";
import { Section } from "./section.tsx";
import styles from "./person.module.css";

const ICONS = {
  desktop: IconDeviceDesktop,
  phone: IconDeviceMobile,
  tablet: IconDeviceTablet,
} as const;
const KINDS = { desktop: "Computer", phone: "Phone", tablet: "Tablet" } as const;

/** The browsers of this person, and which of them have proven it. */
export function Devices({ person }: { person: PersonCard }) {
  const now = useNow(60_000);
  if (person.devices.length === 0) return null;
  return (
    <Section title="Devices">
      <ul className={styles.plain}>
        {person.devices.map((device) => (
          <Device key={device.id} device={device} now={now} />
        ))}
      </ul>
    </Section>
  );
}

function Device({ device, now }: { device: PersonDevice; now: number }) {
  const Icon = ICONS[device.kind];
  const words = [device.browser, device.os].filter((part) => part !== null).join(" on ");
  return (
    <li className={styles.device} data-ended={!device.isActive}>
      <Icon size={16} aria-hidden="true" className={styles.contactIcon} />
      <span className={styles.deviceWords}>
        <span title={words}>{words || KINDS[device.kind]}</span>
        <span className={styles.deviceState}>
          {device.isActive && device.isProven ? (
            <span className={styles.verified}>
              <IconRosetteDiscountCheck size={14} aria-hidden="true" />
              <span>Has proven who uses it</span>
            </span>
          ) : (
            <span>{device.isActive ? "Has proven nothing" : "Signed out"}</span>
          )}
          <span title={fullTime(device.since, { now })}>
            {" "}
            · came {agoWords(device.since, { now })}
          </span>
        </span>
      </span>
    </li>
  );
}
