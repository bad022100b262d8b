import { handoverKey } from "../../domain/identity/handover.ts";
import { normaliseIdentifier } from "../../domain/identity/identifiers.ts";
import { drawCode, judgeCode, type CodeVerdict } from "../../domain/identity/mailed-code.ts";
import type { Proof } from "../../domain/identity/proof.ts";
import { readDeviceToken, type DeviceToken } from "../../domain/identity/tokens.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { newId, type DeviceId } from "../../protocol/ids.ts";
import { codeRequest } from "../../protocol/visitor-frames.ts";
import { hashMailedCode } from "../code-hash.ts";
import {
  keepHistoryCode,
  tryHistoryCode,
  useHistoryCode,
  type CodePlace,
} from "../d1/history-codes.ts";
import { isKnownAddress } from "../d1/proven-addresses.ts";
import { readWorkspace } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { answer, refuse } from "./answers.ts";
import { mayAskForHistoryCode, mayTryHistoryCode } from "./code-limits.ts";
import { isFromAllowedPage, readBody } from "./request.ts";

/**
 * `POST /v1/auth/code`: a code for somebody who wrote before. Whether anybody is known at the address is asked when the
 * mail is about to leave, so that here every address is answered alike, after the same work.
 */
export async function askForCode(request: Request, env: Env): Promise<Response> {
  const body = await readBody(request, codeRequest);
  if (!body.ok) return refuse(body.code, body.detail);
  const token = await readDeviceToken(env.PARLEY_SECRET, body.value.token);
  if (token === null) return refuse("bad_token");
  const { workspace, device } = token;
  if (!(await isFromAllowedPage(request, env, workspace))) return refuse("origin_not_allowed");
  const address = normaliseIdentifier("email", body.value.email);
  if (address === null) return refuse("invalid", "email: this is no address.");
  const may = await mayAskForHistoryCode(request, env, { workspace, device, address });
  if (may !== "yes") return refuse(may);
  const row = await readWorkspace(env.DB, workspace);
  if (row === null) return refuse("bad_token");
  const code = drawCode(() => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
  const by = await askerOf(device, body.value.asker);
  const { place, hash } = await hashMailedCode(
    env.PARLEY_SECRET,
    { workspace, device: by },
    address,
    code,
  );
  await keepHistoryCode(env.DB, place, hash, now());
  await env.EMAILS.send({
    type: "SendEmail",
    id: newId("job", now()),
    to: address,
    mail: { template: "history-code", workspace, workspaceName: row.name, code },
  });
  return answer({});
}

type CodeReading =
  | { ok: true; proof: Proof; use: () => Promise<void> }
  | { ok: false; code: Exclude<CodeVerdict, "right"> | "rate_limited" };

/**
 * Whose a code is: the browser's, by the secret with which it was asked for, so that it outlives a right which another
 * proof has renewed. Where none came it is the device's. Kept as a hash, as the secrets of proofs are.
 */
async function askerOf(device: DeviceId, asker: string | undefined): Promise<CodePlace["device"]> {
  return asker === undefined ? device : `asker_${await handoverKey(asker)}`;
}

/** Reads an address and the code that this browser asked for. `use` is called when the proof has been acted on. */
export async function readCode(
  request: Request,
  env: Env,
  token: DeviceToken,
  { email, code, asker }: { email: string; code: string; asker?: string | undefined },
): Promise<CodeReading> {
  if (!(await mayTryHistoryCode(request, env))) return { ok: false, code: "rate_limited" };
  const address = normaliseIdentifier("email", email);
  if (address === null) return { ok: false, code: "wrong_code" };
  const { workspace, device, visitor } = token;
  const trying = (whose: CodePlace["device"]) =>
    tryCode(env, { workspace, device: whose }, address, code);
  // One that this browser asked for, or one of a mail that answered this visitor's chat, whoever that was by then.
  const all = [await trying(await askerOf(device, asker))];
  const isFound = () => all.at(-1)?.verdict === "right";
  if (!isFound()) all.push(await trying(visitor));
  if (!isFound())
    for (const former of await peersOf(env).visitor(workspace, visitor).joinedVisitors())
      if (!isFound()) all.push(await trying(former));
  const tried = all.find(({ verdict }) => verdict === "right");
  if (tried === undefined) {
    const { verdict } = all.find(({ isKept }) => isKept) ?? {};
    return {
      ok: false,
      code: verdict === undefined || verdict === "right" ? "wrong_code" : verdict,
    };
  }
  // A code that was guessed: no mail went to an address of nobody.
  if (!tried.isFromAnswer && !(await isKnownAddress(env.DB, workspace, address)))
    return { ok: false, code: "wrong_code" };
  return {
    ok: true,
    proof: { userId: null, others: [{ kind: "email", value: address }], by: "loop" },
    use: tried.use,
  };
}

async function tryCode(
  env: Env,
  whose: Pick<CodePlace, "workspace" | "device">,
  address: string,
  code: string,
) {
  const { place, hash } = await hashMailedCode(env.PARLEY_SECRET, whose, address, code);
  const kept = await tryHistoryCode(env.DB, place, hash, now());
  return {
    verdict: judgeCode(kept, now()),
    isKept: kept !== null,
    isFromAnswer: kept?.isFromAnswer === true,
    use: () => useHistoryCode(env.DB, place, hash, now()),
  };
}
