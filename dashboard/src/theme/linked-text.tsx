import { memo } from "react";
import { findLinks } from "../words/links.ts";

/** Text that somebody wrote: its web addresses are links, everything else is text, markup included. */
export const LinkedText = memo(function LinkedText({ text }: { text: string }) {
  return findLinks(text).map((piece) =>
    piece.href === undefined ? (
      piece.text
    ) : (
      <a key={piece.at} href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
        {piece.text}
      </a>
    ),
  );
});
