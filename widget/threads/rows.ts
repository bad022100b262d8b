import type { ListedConversation } from "../../protocol/visitor-frames.ts";
import type { Core } from "../core.ts";
import { element } from "../element.ts";
import { face } from "../face.ts";
import { fill, type Texts } from "../languages/texts.ts";
import type { threadsTexts } from "../languages/threads-texts.ts";
import { createWhen } from "./when.ts";

type ListTexts = Texts & typeof threadsTexts;

/** Draws one conversation as a button: who, when, the newest words, what kind it is, and how much is unread. */
export function createRows(core: Core, texts: ListTexts, locale: string) {
  const when = createWhen(locale);
  const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });

  /** Where nobody has answered, it is the company that it was written to. */
  const companyCard = () => ({ name: core.settings.title, photo: null });

  return (conversation: ListedConversation, now: number, click: () => void): HTMLElement => {
    const { id, operator, last, unread, mail, isJoined, status } = conversation;
    const shown = operator ?? companyCard();
    const marks = [
      mail ? [texts.byEmail, mail.subject].filter(Boolean).join(": ") : "",
      isJoined && !mail ? texts.earlierVisit : "",
      status === "closed" ? texts.isClosed : "",
    ].filter(Boolean);
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", value: id, class: unread > 0 ? "unread" : "", click },
        face(core.host, shown),
        element(
          "span",
          { class: "lines" },
          element(
            "span",
            {},
            element("bdi", { class: "name" }, shown.name),
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
              { class: "words" },
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
