/** The words of the page that a link leads to first, in the languages of the chat. */

const ENGLISH = {
  language: "en",
  dir: "ltr",
  title: "Continue here",
  /** `{workspace}` is the company, `{site}` its address. */
  what: "Your conversation with {workspace} will be opened on this device, on {site}.",
  mail: "This also confirms that the mailbox which this link was sent to is yours. On a device where you wrote before without confirming it, the chat may start anew.",
  once: "The link works once. If you did not write to {workspace}, close this page: nothing happens then.",
  go: "Continue on this device",
  deadTitle: "This link does not work",
  dead: "Links like this one work once and only for a while. Your conversation is safe: open the chat where you wrote last and make a new link, or answer the mail that this one came with.",
};
export type LinkWords = typeof ENGLISH;

const LANGUAGES: readonly LinkWords[] = [
  ENGLISH,
  {
    language: "de",
    dir: "ltr",
    title: "Hier weitermachen",
    what: "Ihre Unterhaltung mit {workspace} wird auf diesem Gerät geöffnet, auf {site}.",
    mail: "Damit bestätigen Sie auch, dass das Postfach, an das der Link ging, Ihnen gehört. Auf einem Gerät, auf dem Sie vorher geschrieben haben, ohne es zu bestätigen, kann der Chat neu beginnen.",
    once: "Der Link gilt einmal. Wenn Sie {workspace} nicht geschrieben haben, schließen Sie diese Seite: Dann geschieht nichts.",
    go: "Auf diesem Gerät weitermachen",
    deadTitle: "Dieser Link gilt nicht",
    dead: "Solche Links gelten einmal und nur eine Zeit lang. Ihre Unterhaltung ist sicher: Öffnen Sie den Chat dort, wo Sie zuletzt geschrieben haben, und erstellen Sie einen neuen Link, oder antworten Sie auf die E-Mail, mit der dieser kam.",
  },
  {
    language: "ar",
    dir: "rtl",
    title: "المتابعة هنا",
    what: "ستُفتح محادثتك مع {workspace} على هذا الجهاز، في {site}.",
    mail: "وبذلك تؤكد أيضًا أن صندوق البريد الذي أُرسل إليه هذا الرابط لك. وقد تبدأ الدردشة من جديد على جهاز كتبت منه من قبل دون أن تؤكد ذلك فيه.",
    once: "يعمل الرابط مرة واحدة. إذا لم تكن قد كتبت إلى {workspace} فأغلق هذه الصفحة ولن يحدث شيء.",
    go: "المتابعة على هذا الجهاز",
    deadTitle: "هذا الرابط لا يعمل",
    dead: "تعمل مثل هذه الروابط مرة واحدة ولمدة محدودة. محادثتك محفوظة: افتح الدردشة حيث كتبت آخر مرة وأنشئ رابطًا جديدًا، أو أجب عن الرسالة التي جاء معها هذا الرابط.",
  },
];

/** By `Accept-Language` (RFC 9110 section 12.5.4), in the order in which it names languages. */
export function wordsFor(accepted: string | null): LinkWords {
  const asked = (accepted ?? "")
    .slice(0, 200)
    .split(",")
    .map((range) => /^\s*([a-z]{2,3})\b/i.exec(range)?.[1]?.toLowerCase());
  return (
    asked
      .map((language) => LANGUAGES.find((words) => words.language === language))
      .find((words) => words !== undefined) ?? ENGLISH
  );
}
