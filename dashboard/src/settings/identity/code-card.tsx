import { Button, CopyButton, SegmentedControl } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import type { IdentitySettings } from "../../../../protocol/operator-api.ts";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";
import {
  LANGUAGE_NAMES,
  PAGE_CODE,
  SECRET_VARIABLE,
  serverCode,
  type ServerLanguage,
} from "./server-code.ts";

const LANGUAGES = Object.keys(LANGUAGE_NAMES).filter(isLanguage);

/** Code with this workspace's own ids in it. */
export function CodeCard({ settings }: { settings: IdentitySettings }) {
  const [language, setLanguage] = useState<ServerLanguage>("node");
  const key = settings.keys.find(({ secret }) => secret !== null);
  if (key === undefined) return null;
  const code = serverCode(language, { audience: settings.audience, keyId: key.id });
  return (
    <Card
      title="Code for your server"
      words={`Put the secret of the key ${key.id} into ${SECRET_VARIABLE}. Sign whenever you know who asks for the page.`}
    >
      <SegmentedControl
        aria-label="Language"
        value={language}
        onChange={(next) => {
          if (isLanguage(next)) setLanguage(next);
        }}
        data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
      />
      <pre className={styles.snippet} aria-label={`Server code for ${LANGUAGE_NAMES[language]}`}>
        {code}
      </pre>
      <div className={styles.row}>
        <Copying text={code} />
      </div>
      <p className={styles.label}>In the page</p>
      <pre className={styles.snippet} aria-label="Page code">
        {PAGE_CODE}
      </pre>
      <div className={styles.row}>
        <Copying text={PAGE_CODE} />
      </div>
    </Card>
  );
}

function isLanguage(text: string): text is ServerLanguage {
  return Object.hasOwn(LANGUAGE_NAMES, text);
}

function Copying({ text }: { text: string }) {
  return (
    <CopyButton value={text} timeout={2_000}>
      {({ copied, copy }) => (
        <Button
          variant="light"
          leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={copy}
        >
          {copied ? "Copied" : "Copy"}
        </Button>
      )}
    </CopyButton>
  );
}
