/**
 * What is new in an answer, and what is history or signature. A guess that never loses anything: what is folded away is
 * kept, and where somebody answers between the quoted lines nothing is folded.
 */

export type FoldedText = { text: string; folded: string | null };

/** "On … wrote:" of mail programs in several languages; the line may be broken in two or three. */
const WROTE =
  /^(?:On|Am|Le|El|En|Il|Op|Em|Den|W dniu|Dnia|På|Dne|Pe)\b.{5,300}(?:wrote|schrieb|geschrieben|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napisał\(?a?\)?|napsal\(?a?\)?|kirjoitti|scris)\s?.{0,80}:$/iu;
const WROTE_OTHERWISE =
  /^(?:.{5,300}(?:写道|写到|のメール|님이 작성|пишет|написал\(?а?\)?|пише)\s*[:：]|.{1,200}<[^<>\s]+@[^<>\s]+>\s*(?:schrieb|wrote|написал|пишет).{0,80}:)$/iu;
/** The same with the former mail behind it in one line, as Yahoo's app writes it. */
const WROTE_AND_MAIL =
  /^\s*(?:On|Am|Le|El|En|Il|Op|Em)\b.{5,200}<[^<>\s]{1,100}@[^<>\s]{1,200}>.{1,40}:\s{2,9}\S/u;
/** A day or an hour and an address: what programs write in every other language. Counts only over marked lines. */
const ADDRESSED =
  /^.{0,300}(?:[\d\u0660-\u0669\u06f0-\u06f9]{1,2}[:.][\d\u0660-\u0669\u06f0-\u06f9]{2}|\d{4}年).{0,300}[<(][^<>()\s]{1,100}@[^<>()\s]{1,200}[>)].{0,40}[:：]$/u;
/** Lines that Outlook and its like put before the former mail. */
const DIVIDER =
  /^\s*(?:-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Originalnachricht|Message d'origine|Mensaje original|Messaggio originale|Oorspronkelijk bericht|Mensagem original|Wiadomość oryginalna|Исходное сообщение|Forwarded message|Weitergeleitete Nachricht)\s*-{2,}|_{20,})\s*$/iu;
const FROM_LINE =
  /^\s*\*?(?:From|Von|De|Da|Van|Från|Fra|Od|От|Kimden|Lähettäjä|差出人|发件人|寄件者|보낸 사람|من)\s?[:：]\*?\s+\S/iu;
const SENT_LINE =
  /^\s*\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Date|Enviad[oa]|Fecha|Inviato|Data|Verzonden|Skickat|Sendt|Wysłano|Отправлено|Дата|Gönderildi|Tarih|Lähetetty|送信日時|发送时间|日期|보낸 날짜|تاريخ الإرسال)(?: el| em| a)?\s?[:：]\*?\s+\S/iu;
/** The mark before a signature (RFC 3676 section 4.3), and what phones write by themselves. */
const SIGNATURE = /^-- ?$/;
const PHONE =
  /^\s*(?:(?:iPhone|iPad|Android)から送信|发自我的|나의 .{2,20}에서 보냄|أُرسلت من|Sent from (?:my|Outlook|Yahoo|Proton|Mail|Gmail|Samsung)|Sent with \[?(?:Proton|Spark|Canary)|Get Outlook for|Von meinem\S{0,10} .{2,40} gesendet|Gesendet (?:von|mit|aus|über)|Diese Nachricht wurde von meinem|Envoyé (?:de(?:puis)? mon|à partir)|Enviado (?:desde|do|dal|via)|Inviato da|Verzonden (?:vanaf|met|vanuit)|Skickat från|Sendt fra|Wysłane z|Wysłano z|Отправлено (?:с|из)).{0,80}$/iu;
const QUOTED = /^\s*>/;
/** Marks that mail programs put around an address in lines that run from right to left. */
const DIRECTIONS = /[\u200e\u200f\u202a-\u202e]/g;

/** Lines of one message that are looked at; what is longer is not folded. */
const LINES_MAX = 5_000;

export function foldQuotes(whole: string): FoldedText {
  const lines = whole.replace(/\r\n?/g, "\n").split("\n");
  if (lines.length > LINES_MAX) return { text: whole.trim(), folded: null };
  const history = historyOf(lines);
  const kept =
    history === null ? lines : [...lines.slice(0, history.from), ...lines.slice(history.to)];
  const end = signatureAt(kept);
  const text = kept.slice(0, end).join("\n").trim();
  if (text === "") return { text: whole.trim(), folded: null };
  const folded = [
    ...kept.slice(end),
    ...(history === null ? [] : lines.slice(history.from, history.to)),
  ]
    .join("\n")
    .trim();
  return { text, folded: folded === "" ? null : folded };
}

/** The lines that are a former mail: `from` up to but without `to`. Null when there are none that stand together. */
function historyOf(lines: readonly string[]): { from: number; to: number } | null {
  for (let at = 0; at < lines.length; at++) {
    if (isOutlookHead(lines, at)) return { from: dividerBefore(lines, at), to: lines.length };
    if (WROTE_AND_MAIL.test((lines[at] ?? "").slice(0, 500))) return { from: at, to: lines.length };
    const length = attributionAt(lines, at);
    const first = nextText(lines, at + length);
    const isMarked = QUOTED.test(lines[first] ?? "");
    if (length === 0 && !isMarked) continue;
    if (length > 0 && !isMarked) {
      // Some programs do not mark the lines they quote: then all that follows is the former mail.
      return first < lines.length || at > 0
        ? { from: dividerBefore(lines, at), to: lines.length }
        : null;
    }
    const to = endOfQuote(lines, first);
    const rest = lines.slice(to);
    // Somebody answers line by line: the quoted lines belong to the answer.
    if (rest.some((line) => QUOTED.test(line))) return null;
    if (length === 0 && lines.slice(0, at).some((line) => line.trim() !== "") && hasText(rest))
      return null;
    return { from: dividerBefore(lines, at), to };
  }
  return null;
}

/** How many lines "On … wrote:" takes here; 0 when it does not stand here. */
function attributionAt(lines: readonly string[], at: number): number {
  for (let length = 1; length <= 3 && at + length <= lines.length; length++) {
    const newest = lines[at + length - 1] ?? "";
    if (newest.trim() === "" || QUOTED.test(newest)) return 0;
    const text = lines
      .slice(at, at + length)
      .map((line) => line.trim())
      .join(" ");
    if (text.length > 500) return 0;
    // Programs tell the day or the hour; a person who tells what somebody wrote rarely does.
    const isOne = WROTE.test(text) || (length === 1 && WROTE_OTHERWISE.test(text));
    if (isOne && /\d/.test(text)) return length;
    const isMarked = QUOTED.test(lines[nextText(lines, at + length)] ?? "");
    if (isMarked && ADDRESSED.test(text.replace(DIRECTIONS, ""))) return length;
  }
  return 0;
}

/** `From:` with `Sent:` or `Date:` shortly under it or right over it, or the line of dashes before them. */
function isOutlookHead(lines: readonly string[], at: number): boolean {
  if (SENT_LINE.test(lines[at] ?? "") && FROM_LINE.test(lines[at + 1] ?? "")) return true;
  if (!FROM_LINE.test(lines[at] ?? "")) {
    return DIVIDER.test(lines[at] ?? "") && FROM_LINE.test(lines[nextText(lines, at + 1)] ?? "");
  }
  return lines.slice(at + 1, at + 4).some((line) => SENT_LINE.test(line));
}

function dividerBefore(lines: readonly string[], at: number): number {
  return DIVIDER.test(lines[at - 1] ?? "") ? at - 1 : at;
}

function nextText(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && (lines[at] ?? "").trim() === "") at++;
  return at;
}

function endOfQuote(lines: readonly string[], from: number): number {
  let end = from;
  for (let at = from; at < lines.length; at++) {
    if (QUOTED.test(lines[at] ?? "")) end = at + 1;
    else if ((lines[at] ?? "").trim() !== "") break;
  }
  return end;
}

/** Where the signature begins; the number of lines when there is none. */
function signatureAt(lines: readonly string[]): number {
  const mark = lines.findLastIndex((line) => SIGNATURE.test(line));
  const phone = lines.findLastIndex((line) => PHONE.test(line));
  const isLast = (at: number, most: number): boolean =>
    at > 0 && lines.slice(at + 1).filter((line) => line.trim() !== "").length <= most;
  const ends = [
    ...(isLast(phone, 0) ? [phone] : []),
    // Under the mark may stand what a phone writes.
    ...(isLast(mark, 12) ? [mark] : []),
  ];
  return Math.min(lines.length, ...ends);
}

function hasText(lines: readonly string[]): boolean {
  return lines.some((line) => line.trim() !== "");
}
