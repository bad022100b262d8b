import type { CopyMail } from "../../protocol/jobs.ts";
import { escapeHtml } from "./mail.ts";
import {
  letter,
  lines,
  onSite,
  onSiteText,
  personal,
  small,
  type RenderedMail,
} from "./templates.ts";

/**
 * An operator's answer for an address that was typed into the chat and is not proven: what the operator wrote, and how
 * its reader proves that the mailbox is theirs. Nothing that a visitor typed, no name, no quote.
 */
export function renderFirstAnswer(
  { operatorName, unread, left }: CopyMail,
  { workspaceName, code, link }: { workspaceName: string; code: string; link: string | null },
): RenderedMail {
  const name = personal(operatorName);
  const workspace = personal(workspaceName, "our site");
  const subject = `A message from ${name}`;
  const isOne = new Set(unread.map(({ author }) => author)).size === 1;
  const words = unread.map(({ author, text }) => (isOne ? text : `${personal(author)}: ${text}`));
  const earlier =
    left === 0
      ? []
      : [`${left} earlier ${left === 1 ? "message is" : "messages are"} in the chat.`];
  const how = `This address was left in the chat of ${workspace} for the answer. Answer this mail, and it is an answer there.`;
  const proof = waysToProve(code, link, workspace);
  const stranger = `If that was not you, ignore this mail and pass the code on to nobody. Until the address is confirmed it gets one mail a day at most.`;
  return {
    subject,
    text:
      [...earlier, ...words, `-- \n${name}\n\n${how}`, proof.text, stranger].join("\n\n") + "\n",
    html: letter(
      subject,
      `${earlier.map(small).join("")}${words.map(lines).join("")}<p class="quiet" style="margin:16px 0 0;color:#6b7280;">${escapeHtml(name)}</p>
${small(how)}${proof.html}${small(stranger)}`,
    ),
  };
}

/** Everything by which a reader proves the mailbox: whatever is added stands here, in both forms. */
function waysToProve(
  code: string,
  link: string | null,
  workspace: string,
): { text: string; html: string } {
  const intro = `To get every answer here at once, and to find the conversation again, enter this code in the chat of ${workspace}:`;
  return {
    text: `${intro}\n\n${code}${link === null ? "" : `\n${onSiteText(link).trimEnd()}`}`,
    html: `<div class="box" style="margin:24px 0 0;padding:16px 20px;border:1px solid #d5d9e0;border-radius:12px;"><p style="margin:0 0 8px;font-size:13px;line-height:18px;">${escapeHtml(intro)}</p><p class="code" style="margin:0;font:600 24px/32px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:4px;">${escapeHtml(code)}</p></div>${onSite(link)}`,
  };
}
