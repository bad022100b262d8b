import { readHmac, readJwt, type Proof, type ProofFlaw } from "../../domain/identity/proof.ts";
import {
  readDeviceToken,
  signDeviceToken,
  type DeviceToken,
} from "../../domain/identity/tokens.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { authRequest, type AuthResponse } from "../../protocol/visitor-frames.ts";
import type { Env } from "../env.ts";
import { signingKeysOf } from "../workspaces/identity-keys.ts";
import { answer, refuse } from "./answers.ts";
import { readCode } from "./mailed-code.ts";
import { isFromAllowedPage, readBody } from "./request.ts";

const WORDS: Record<ProofFlaw, string> = {
  malformed:
    "The proof cannot be read: a JWT of at most 4,096 characters, or 64 hexadecimal digits.",
  algorithm: "alg: only HS256 is accepted.",
  unknown_key: "kid: no key of this workspace that may be used has this id.",
  signature: "The signature does not fit.",
  subject: "The user id is empty, too long, or has white space or control characters at its ends.",
  audience: "aud: not this workspace.",
  expired: "exp: the proof has expired.",
  lifetime: "exp: a proof may be good for at most 24 hours.",
  not_yet: "nbf: the proof is not good yet.",
};

/** `POST /v1/auth`: a device proves who uses it, and gets the right that follows from it. */
export async function auth(request: Request, env: Env): Promise<Response> {
  const body = await readBody(request, authRequest);
  if (!body.ok) return refuse(body.code, body.detail);
  const token = await readDeviceToken(env.PARLEY_SECRET, body.value.token);
  if (token === null) return refuse("bad_token");
  const { workspace } = token;
  if (!(await isFromAllowedPage(request, env, workspace))) return refuse("origin_not_allowed");
  if ("code" in body.value) {
    const reading = await readCode(request, env, token, body.value);
    return reading.ok
      ? prove(env, token, reading.proof, body.value.next, reading.use)
      : refuse(reading.code);
  }
  const at = now();
  const keys = await signingKeysOf(env, workspace, at, "jwt" in body.value ? "jwt" : "hash");
  const reading =
    "jwt" in body.value
      ? await readJwt(body.value.jwt, { keys, audience: workspace, now: at })
      : await readHmac(body.value.userId, body.value.hmac, keys);
  if (!reading.ok) return refuse("bad_proof", WORDS[reading.flaw]);
  return prove(env, token, reading.proof, body.value.next);
}

/** @param acted Called when the device has the right that follows. Until then the same proof may come again. */
async function prove(
  env: Env,
  token: DeviceToken,
  proof: Proof,
  next: string | undefined,
  acted?: () => Promise<void>,
): Promise<Response> {
  const { workspace } = token;
  const outcome = await peersOf(env)
    .visitor(workspace, token.visitor)
    .prove(token.device, proof, next);
  if (outcome.kind === "ended") return refuse("ended");
  if (outcome.kind === "waiting") return refuse("overloaded");
  await acted?.();
  const { visitor, device } = outcome.kind === "moved" ? outcome : token;
  const response: AuthResponse = {
    token: await signDeviceToken(env.PARLEY_SECRET, { workspace, device, visitor }),
    visitor,
    device,
    isAnotherPerson: outcome.kind === "moved" && outcome.isAnotherPerson,
  };
  return answer(response);
}
