import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";
import { snippetOf } from "./snippet.ts";

export function SnippetCard({ widgetOrigin, siteKey }: { widgetOrigin: string; siteKey: string }) {
  const snippet = snippetOf(widgetOrigin, siteKey);
  return (
    <Card title="The line for your pages" words="Put it before the end of the head of every page.">
      <pre className={styles.snippet} aria-label="Install snippet">
        {snippet}
      </pre>
      <div className={styles.row}>
        <CopyButton value={snippet} timeout={2_000}>
          {({ copied, copy }) => (
            <Button
              variant={copied ? "light" : "filled"}
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={copy}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </div>
      <ul className={styles.steps}>
        <li>
          <strong>A tag manager:</strong> add it as a tag of your own HTML, on all pages.
        </li>
        <li>
          <strong>A site that changes pages by itself:</strong> put it into the one HTML file. Page
          views are counted as the address changes.
        </li>
        <li>
          <strong>A strict content policy:</strong> allow <code>{widgetOrigin}</code> for{" "}
          <code>script-src</code>, <code>connect-src</code> and <code>img-src</code>. Nothing inline
          is needed.
        </li>
        <li>
          <strong>Tell what people do:</strong>{" "}
          <code>{"parley('track', 'Products Searched', { query, results })"}</code>
        </li>
      </ul>
    </Card>
  );
}
