import { followableUrl } from "../../domain/email/remote-url.ts";
import type { MailHtml } from "../../domain/email/reading.ts";

/**
 * A mail's own HTML as a page for a frame. What keeps it harmless are its policy and its sandbox: nothing runs, nothing
 * is loaded, nothing is sent, whatever stands in it. What is taken out before is what neither covers, such as looking up
 * names of servers ahead, and what would only be in the way.
 */

/** Taken out with everything inside. */
const DROPPED = [
  "script,noscript,template,iframe,frame,frameset,noframes,object,embed,applet,noembed,portal,fencedframe",
  "link,meta,base,title,xmp,plaintext,listing,svg,math,audio,video,source,track,dialog,marquee",
  "input,button,select,textarea,option,datalist,keygen",
].join(",");

/** What an element may keep. `style` stays: the policy lets it load nothing, and the frame holds it. */
const KEPT = new Set(
  [
    "abbr align alt bgcolor border cellpadding cellspacing class color cols colspan dir face height href",
    "hspace lang media nowrap role rows rowspan size span start style summary title type valign",
    "vspace width",
  ].flatMap((words) => words.split(" ")),
);

/** Pictures from elsewhere on one page: each address has to be signed. */
export const PAGE_IMAGES_MAX = 200;

export type PageOptions = {
  /** Where a picture from elsewhere is fetched for the operator; null while none is shown. */
  imageAt: ((url: string) => Promise<string | null>) | null;
};

/** HTML so broken that nobody can tell what a browser would make of it is not shown. */
export async function mailPage(
  { html, inline }: MailHtml,
  { imageAt }: PageOptions,
): Promise<string> {
  let room = PAGE_IMAGES_MAX;
  const rewriter = new HTMLRewriter()
    .on(DROPPED, { element: (element) => void element.remove() })
    .on("*", {
      async element(element) {
        if (element.removed) return;
        const { tagName } = element;
        const source = element.getAttribute("src")?.trim() ?? "";
        for (const name of namesOf(element)) if (!KEPT.has(name)) element.removeAttribute(name);
        if (tagName === "a") return link(element);
        element.removeAttribute("href");
        if (tagName !== "img") return;
        const own = inline.get(/^cid:(.*)$/i.exec(source)?.[1] ?? "");
        const isRemote = own === undefined && /^https?:/i.test(source) && room-- > 0;
        const shown = own ?? (isRemote ? await imageAt?.(source) : null) ?? null;
        if (shown !== null) element.setAttribute("src", shown);
      },
      comments: (comment) => void comment.remove(),
    });
  try {
    return await rewriter.transform(new Response(`${START}${html}`)).text();
  } catch {
    return `${START}<p>This mail is too broken to be shown as it was laid out. Its words are shown above, and it can be downloaded.</p>`;
  }
}

const START = `<!doctype html><html lang="und"><head><style>html{background:#fff;color:#1f2430;color-scheme:light}body{margin:16px;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere;unicode-bidi:isolate}img{max-width:100%;height:auto}</style></head><body dir="auto">`;

/** In the place of a mail whose original is kept no longer: a frame alone can say so. */
export const DELETED_MAIL_PAGE = `${START}<p lang="en">The original of this mail has been deleted. Its words are shown above.</p>`;

/** All names first: an element whose attributes change must not be walked over. */
function namesOf(element: Element): string[] {
  return [...element.attributes].flatMap(([name]) => name ?? []);
}

/** A link opens a page of its own, which learns nothing of this one; where it leads can be read before. */
function link(element: Element): void {
  const url = followableUrl(element.getAttribute("href") ?? "");
  element.removeAttribute("href");
  if (url === null) return;
  element.setAttribute("href", url.href);
  element.setAttribute("title", url.host === "" ? url.href : url.host);
  element.setAttribute("target", "_blank");
  element.setAttribute("rel", "noopener noreferrer nofollow");
}
