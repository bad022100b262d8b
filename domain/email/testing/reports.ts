import complaint from "./reports/complaint.eml?raw";
import exchange from "./reports/exchange.eml?raw";
import exim from "./reports/exim.eml?raw";
import gmail from "./reports/gmail.eml?raw";
import postfix from "./reports/postfix.eml?raw";
import qmail from "./reports/qmail.eml?raw";

/** Mail servers' reports about one mail, as they arrive. */
export const REPORTS = { postfix, gmail, exchange, qmail, exim, complaint };

export type Reported = {
  /** The Message-ID of the mail that comes back, without brackets. */
  id: string;
  address: string;
  /** Where the report goes. */
  reply: string;
  /** What the server at the other end answered, as in "550 5.1.1". */
  status?: string;
  action?: "failed" | "delayed" | "delivered";
};

export function reportOf(server: keyof typeof REPORTS, about: Reported): Uint8Array<ArrayBuffer> {
  const { id, address, reply, status = "550 5.1.1", action = "failed" } = about;
  const [, enhanced = "5.1.1"] = status.split(" ");
  const values: Record<string, string> = { id, address, reply, status, action, enhanced };
  const text = REPORTS[server]
    .replace(/\{(\w+)\}/g, (whole: string, name: string) => values[name] ?? whole)
    .replace(/\r?\n/g, "\r\n");
  return new Uint8Array(new TextEncoder().encode(text));
}
