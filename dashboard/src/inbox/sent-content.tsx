import { IconAppWindow, IconBolt, IconExternalLink, IconPhotoOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { SentByTrigger } from "../../../protocol/entries.ts";
import type { MomentContent, ProductCard } from "../../../protocol/triggers.ts";
import { LinkedText } from "../theme/linked-text.tsx";
import { safeHref, safePicture } from "../words/links.ts";
import { money } from "../words/money.ts";
import styles from "./sent-content.module.css";
import { sentWords, variantWords } from "./sent-words.ts";

/** What a trigger sent, as the person sees it; nothing in it acts on the operator's behalf. */
export function SentContent({ content }: { content: MomentContent }) {
  const { kind, heading, text, imageUrl, button, card } = content;
  return (
    <div className={styles.content} data-kind={kind}>
      {kind === "popup" && (
        <p className={styles.kind}>
          <IconAppWindow size={14} aria-hidden="true" /> Pop-up
        </p>
      )}
      {imageUrl !== null && <Picture address={imageUrl} className={styles.image} />}
      {heading !== "" && (
        <p className={styles.heading} dir="auto">
          {heading}
        </p>
      )}
      {text !== "" && (
        <p className={styles.text} dir="auto">
          <LinkedText text={text} />
        </p>
      )}
      {card !== null && <Card card={card} />}
      {button !== null && <ButtonWords label={button.label} url={button.url} />}
    </div>
  );
}

/** Which trigger sent it; leads to its figures. */
export function SentLine({ sent }: { sent: SentByTrigger }) {
  return (
    <div className={styles.line} title={`Version ${sent.version}`}>
      <IconBolt size={13} aria-hidden="true" />
      <span dir="auto">
        <Link to="/triggers/$trigger/figures" params={{ trigger: sent.trigger }}>
          {sentWords(sent)}
        </Link>
        {` · ${variantWords(sent.variantName)}`}
      </span>
    </div>
  );
}

function Picture({ address, className }: { address: string; className: string | undefined }) {
  const [isBroken, setIsBroken] = useState(false);
  const source = safePicture(address, location.hostname);
  if (source === null || isBroken) {
    return (
      <span className={className} data-missing="true" title={address}>
        <IconPhotoOff size={18} aria-hidden="true" />
      </span>
    );
  }
  return (
    <img
      className={className}
      src={source}
      alt=""
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setIsBroken(true)}
    />
  );
}

function Card({ card }: { card: ProductCard }) {
  const href = safeHref(card.url);
  const { price, discounted, code } = card;
  return (
    <div className={styles.card}>
      {card.imageUrl !== null && <Picture address={card.imageUrl} className={styles.cardImage} />}
      <div className={styles.cardWords}>
        {href === null ? (
          <span className={styles.cardName} dir="auto">
            {card.name}
          </span>
        ) : (
          <a
            className={styles.cardName}
            dir="auto"
            href={href}
            target="_blank"
            rel="noopener noreferrer nofollow"
          >
            {card.name}
          </a>
        )}
        <span className={styles.prices}>
          {discounted !== null && (
            <ins className={styles.discounted}>
              {money(discounted.amountMinor, discounted.currency)}
            </ins>
          )}
          {price !== null &&
            (discounted === null ? (
              <span>{money(price.amountMinor, price.currency)}</span>
            ) : (
              <del className={styles.former}>{money(price.amountMinor, price.currency)}</del>
            ))}
        </span>
        {code !== null && (
          <span className={styles.codeLine}>
            Code <code className={styles.code}>{code}</code>
          </span>
        )}
      </div>
    </div>
  );
}

function ButtonWords({ label, url }: { label: string; url: string | null }) {
  const href = safeHref(url);
  if (href === null) {
    return (
      <span className={styles.button} title={url === null ? "Opens the chat" : `Leads to ${url}`}>
        {label}
      </span>
    );
  }
  return (
    <a
      className={styles.button}
      href={href}
      title={`Leads to ${href}`}
      target="_blank"
      rel="noopener noreferrer nofollow"
    >
      {label} <IconExternalLink size={14} aria-hidden="true" />
    </a>
  );
}
