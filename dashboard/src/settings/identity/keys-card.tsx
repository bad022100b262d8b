import { Button, Modal, Radio, Stack } from "@mantine/core";
import { useState } from "react";
import { IDENTITY_KEYS_MAX } from "../../../../protocol/limits.ts";
import type { IdentitySettings } from "../../../../protocol/operator-api.ts";
import { api } from "../../api/client.ts";
import { identityQuery } from "../../api/queries.ts";
import { fullTime, momentWords } from "../../words/times.ts";
import { useNow } from "../../words/use-now.ts";
import { Card } from "../page.tsx";
import styles from "../settings.module.css";
import { useSaving } from "../use-saving.ts";
import { Secret } from "./secret.tsx";

type Key = IdentitySettings["keys"][number];

const DAY_MS = 86_400_000;
const OVERLAPS = [
  { ms: 7 * DAY_MS, label: "For 7 days more", words: "Time to change the secret on your servers." },
  { ms: DAY_MS, label: "For one day more", words: null },
  { ms: 0, label: "Not any more", words: "Proofs that are signed with it are refused at once." },
];

const isInUse = ({ standing }: Key): boolean => standing === "active" || standing === "retiring";

/** Keys that the customer's server signs with: made, replaced, revoked. */
export function KeysCard({ keys }: { keys: Key[] }) {
  const [isReplacing, setIsReplacing] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const used = keys.filter(isInUse);
  const making = useSaving({
    save: (overlapMs: number | undefined) => api.createIdentityKey(overlapMs),
    keys: [identityQuery.queryKey],
    what: "The new key is",
  });
  return (
    <Card
      title="Keys"
      words="Your server signs with the secret of a key. Keep it there: whoever has it can be anybody."
      foot={
        used.length === 0 ? (
          <Button loading={making.isPending} onClick={() => making.mutate(undefined)}>
            Make a key
          </Button>
        ) : (
          <Button
            variant="default"
            disabled={used.length >= IDENTITY_KEYS_MAX}
            onClick={() => setIsReplacing(true)}
          >
            Replace the key
          </Button>
        )
      }
    >
      {keys.length === 0 ? (
        <p className={styles.quiet}>
          There is no key yet. Make one, and the code for your server appears below.
        </p>
      ) : (
        <ul className={styles.list} aria-label="Keys">
          {keys.map((key) => (
            <KeyItem key={key.id} item={key} revoke={() => setRevoking(key)} />
          ))}
        </ul>
      )}
      {isReplacing && <Replacing onClose={() => setIsReplacing(false)} />}
      {revoking !== null && <Revoking item={revoking} onClose={() => setRevoking(null)} />}
    </Card>
  );
}

function KeyItem({ item, revoke }: { item: Key; revoke(): void }) {
  const now = useNow(60_000);
  return (
    <li className={styles.key}>
      <div className={styles.keyHead}>
        <span className={styles.itemWords}>
          <span title={item.id}>{item.id}</span>
          <span title={fullTime(item.createdAt, { now })}>
            Made {momentWords(item.createdAt, { now })}
          </span>
        </span>
        <span className={styles.tag} data-tone={isInUse(item) ? "good" : "bad"}>
          {standingWords(item, now)}
        </span>
        {isInUse(item) && (
          <Button variant="subtle" color="red" size="compact-sm" onClick={revoke}>
            Revoke
          </Button>
        )}
      </div>
      {item.secret !== null && <Secret secret={item.secret} name={item.id} />}
      {item.hashSecret !== null && (
        <details className={styles.quiet}>
          <summary className={styles.secretMore}>Secret for the older form, an HMAC</summary>
          <Secret secret={item.hashSecret} name={`${item.id} for an HMAC of the user id`} />
        </details>
      )}
    </li>
  );
}

function standingWords({ standing, retiresAt, revokedAt }: Key, now: number): string {
  switch (standing) {
    case "active":
      return "In use";
    case "retiring":
      return `Until ${momentWords(retiresAt ?? now, { now })}`;
    case "retired":
      return "Replaced";
    case "revoked":
      return `Revoked ${momentWords(revokedAt ?? now, { now })}`;
  }
}

function Replacing({ onClose }: { onClose(): void }) {
  const [overlapMs, setOverlapMs] = useState(OVERLAPS[0]?.ms ?? 0);
  const making = useSaving({
    save: async (ms: number) => {
      await api.createIdentityKey(ms);
      onClose();
    },
    keys: [identityQuery.queryKey],
    what: "The new key is",
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title="Replace the key"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Radio.Group
        label="The key that is there now counts"
        value={String(overlapMs)}
        onChange={(next) => setOverlapMs(Number(next))}
      >
        <Stack gap={12} mt={12}>
          {OVERLAPS.map(({ ms, label, words }) => (
            <Radio key={ms} value={String(ms)} label={label} description={words} />
          ))}
        </Stack>
      </Radio.Group>
      <div className={styles.row} style={{ justifyContent: "flex-end", marginBlockStart: 20 }}>
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button loading={making.isPending} onClick={() => making.mutate(overlapMs)}>
          Replace
        </Button>
      </div>
    </Modal>
  );
}

function Revoking({ item, onClose }: { item: Key; onClose(): void }) {
  const revoking = useSaving({
    save: async (id: string) => {
      await api.revokeIdentityKey(id);
      onClose();
    },
    keys: [identityQuery.queryKey],
    what: "The revocation is",
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title="Revoke this key?"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <p className={styles.pageWords}>
        Within seconds nobody can prove themselves with it any more. Who has done so stays signed in
        on their devices. This cannot be undone.
      </p>
      <div className={styles.row} style={{ justifyContent: "flex-end", marginBlockStart: 20 }}>
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button color="red" loading={revoking.isPending} onClick={() => revoking.mutate(item.id)}>
          Revoke
        </Button>
      </div>
    </Modal>
  );
}
