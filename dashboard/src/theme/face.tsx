import { useState } from "react";
import { hueOf, initials } from "../words/names.ts";
import styles from "./face.module.css";

type Props = {
  id: string;
  name: string;
  photo?: string | null;
  size?: 16 | 20 | 24 | 28 | 32 | 36 | 40 | 64 | 88;
  /** A green dot; said in words elsewhere on the screen. */
  isOnline?: boolean;
};

const HUES = 10;

/** Photo, or initials on a colour that belongs to the id. Always beside a name, so it is hidden from screen readers. */
export function Face({ id, name, photo = null, size = 36, isOnline = false }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span
      className={styles.face}
      style={{ inlineSize: size, blockSize: size, fontSize: Math.max(8, size * 0.38) }}
      aria-hidden="true"
    >
      {photo !== null && photo !== broken ? (
        <img
          className={styles.photo}
          src={photo}
          alt=""
          width={size}
          height={size}
          onError={() => setBroken(photo)}
        />
      ) : (
        // Drawn, not written: initials are no part of what a button around them is called.
        <span
          className={styles.initials}
          data-hue={hueOf(id, HUES)}
          data-initials={initials(name)}
        />
      )}
      {isOnline && <span className={styles.dot} />}
    </span>
  );
}
