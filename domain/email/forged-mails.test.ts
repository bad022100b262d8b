import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, type Decision } from "./decision.ts";
import { splitMail } from "./headers.ts";

/**
 * Whoever forges a mail writes all of it but the first lines, which are our own mail server's. Whatever they write, nobody
 * is taken for Ada with her domain's word for it.
 */

const MAILS = 5_000;
const ADA = "ada@corp.example";
const RESULTS = "Authentication-Results:";
const PASSES = "dmarc=pass header.from=corp.example";

/** What our server truly says of such a mail. */
const truth = fc.constantFrom(
  "",
  `${RESULTS} mx.cloudflare.net; dmarc=fail header.from=corp.example`,
  `${RESULTS} mx.cloudflare.net; dmarc=none header.from=corp.example; spf=pass smtp.mailfrom=corp.example`,
  `${RESULTS} mx.cloudflare.net; dmarc=pass header.from=evil.example`,
  `${RESULTS} mx.cloudflare.net; dmarc=pass header.from=mail.corp.example`,
);

const server = fc.constantFrom(
  "mx.cloudflare.net",
  "MX.cloudflare.net",
  "mx.cloudflare.net 1",
  "mx.cloudflare.net (us)",
  '"mx.cloudflare.net"',
  "mx.corp.example",
);
const fold = fc.constantFrom(" ", "\r\n ", "\r\n\t", " (x) ", "  ");
const said = fc.constantFrom(
  PASSES,
  `spf=pass smtp.mailfrom=corp.example; ${PASSES}`,
  `dkim=pass header.d=corp.example; ${PASSES}`,
  `spf=fail smtp.mailfrom="x; ${PASSES} ;"`,
  `spf=fail (; ${PASSES} ;)`,
);
const result = fc
  .tuple(fc.constantFrom(RESULTS, RESULTS.toUpperCase(), `X-${RESULTS}`), fold, server, fold, said)
  .map(([name, before, id, after, words]) => `${name}${before}${id};${after}${words}`);
const received = fc.constantFrom(
  "Received: from b by mx.evil.example; now",
  "Received: from a (1.2.3.4) by cloudflare-email.net (c) id 1; now",
  "Received: from by cloudflare-email.net",
);
const from = fc.constantFrom(
  `From: ${ADA}`,
  `From: Ada <${ADA}>`,
  "From: Ada <ADA@Corp.Example>",
  `From: "${ADA}" <eve@evil.example>`,
  `From: ${ADA} <eve@evil.example>`,
  `From: eve@evil.example, ${ADA}`,
  `From: Ada <${ADA}>, Eve <eve@evil.example>`,
  "From: ada@corp.example.evil.example",
  "From: ada@сorp.example",
  "From: ada@corp.example\u0000@evil.example",
  `From: <${ADA}>(<eve@evil.example>)`,
  'From: "ada"@corp.example',
  `from : ${ADA}`,
  `From:\r\n ${ADA}`,
);
const other = fc.constantFrom(
  "Sender: eve@evil.example",
  `Sender: ${ADA}`,
  `Reply-To: ${ADA}`,
  `Return-Path: <${ADA}>`,
  "List-Id: <tea.evil.example>",
  "Subject: Hello",
  `X-Original-From: ${ADA}`,
);

test(`${MAILS} forged mails: none speaks for somebody with their domain's word`, () => {
  const kinds = new Set<Decision["kind"]>();
  fc.assert(
    fc.property(
      truth,
      fc.array(fc.oneof(result, received, from, other), { minLength: 1, maxLength: 8 }),
      fc.constantFrom(ADA, null),
      fc.constantFrom(ADA, "eve@evil.example", ""),
      fc.boolean(),
      (ours, lines, participant, envelopeFrom, isDirect) => {
        const block = ["Received: from a (1.2.3.4) by cloudflare-email.net (c) id 1; now", ours];
        // Where our server says nothing of a mail that came straight to it, what follows cannot be told from its words.
        const before = isDirect && ours !== "" ? [] : ["Received: from b by a; now"];
        const text = [...block, ...before, ...lines].filter(Boolean);
        const mail = new TextEncoder().encode(`${text.join("\r\n")}\r\n\r\nHello\r\n`);
        const { headers } = splitMail(mail);
        const isOwn = () => false;
        const decision = decide({ headers, envelopeFrom, participant, isJudged: true, isOwn });
        kinds.add(decision.kind);
        if (decision.kind !== "participant" && decision.kind !== "new") return;
        const isAda = decision.sender.address === ADA;
        expect(decision.kind).toBe(participant === null ? "new" : "participant");
        if (isAda) expect(decision.proof).toBe("unproven");
        else expect(participant).toBeNull();
      },
    ),
    { numRuns: MAILS },
  );
  expect(kinds).toEqual(new Set(["participant", "new", "aside", "quiet", "reject"]));
});
