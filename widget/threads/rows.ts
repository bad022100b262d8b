import type { ListedConversation } from "../../protocol/visitor-frames.ts";
import type { Core } from "../core.ts";
import { element, icon } from "../element.ts";
import { face } from "../face.ts";
import { fill, type Texts } from "../languages/texts.ts";
import type { threadsTexts } from "../languages/threads-texts.ts";
import { createWhen } from "./when.ts";

const BUBBLE = "M5 5h14v10h-8l-4 4v-4H5z";

type ListTexts = Texts & typeof threadsTexts;

/** Draws one conversation as a button: who, when, the newest words, what kind it is, and how much is unread. */
export function createRows(core: Core, texts: ListTexts, locale: string) {
  const when = createWhen(locale);
  const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });

  return (conversation: ListedConversation, now: number, click: () => void): HTMLElement => {
    const { id, operator, last, unread, mail, isJoined, status } = conversation;
    const marks = [
      mail ? [texts.byEmail, mail.subject].filter(Boolean).join(": ") : "",
      isJoined && !mail ? texts.beforeSignIn : "",
      status === "closed" ? texts.isClosed : "",
    ].filter(Boolean);
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", value: id, class: unread > 0 ? "unread" : "", click },
        operator ? face(core.host, operator) : element("span", { class: "face" }, icon(BUBBLE)),
        element(
          "span",
          { class: "lines" },
          element(
            "span",
            {},
            element("bdi", { class: "name" }, operator?.name ?? texts.unanswered),
            element(
              "time",
              { datetime: new Date(last.at).toISOString(), title: full.format(last.at) },
              when(last.at, now),
            ),
          ),
          element(
            "span",
            {},
            element(
              "span",
              { class: "excerpt" },
              last.isOwn ? `${texts.you}: ` : "",
              element("bdi", {}, last.text),
            ),
            ...(unread > 0
              ? [
                  element("b", { "aria-hidden": "true" }, unread > 99 ? "99+" : `${unread}`),
                  element("span", { class: "aloud" }, fill(texts.unread, { n: unread })),
                ]
              : []),
          ),
          ...(marks.length > 0 ? [element("span", { class: "marks" }, marks.join(" · "))] : []),
        ),
      ),
    );
  };
}
