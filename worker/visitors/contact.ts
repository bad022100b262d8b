import { readDeviceToken } from "../../domain/identity/tokens.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { contactRequest, type ContactResponse } from "../../protocol/contact.ts";
import { errorCodeOf } from "../../protocol/errors.ts";
import type { Env } from "../env.ts";
import { answer, refuse } from "./answers.ts";
import { mayChooseContact } from "./code-limits.ts";
import { isFromAllowedPage, readBody } from "./request.ts";

/** `POST /v1/contact`: where a person wants to be answered by mail, and what they choose about it. */
export async function chooseContact(request: Request, env: Env): Promise<Response> {
  const body = await readBody(request, contactRequest);
  if (!body.ok) return refuse(body.code, body.detail);
  const { token: text, ...change } = body.value;
  const token = await readDeviceToken(env.PARLEY_SECRET, text);
  if (token === null) return refuse("bad_token");
  if (!(await isFromAllowedPage(request, env, token.workspace)))
    return refuse("origin_not_allowed");
  if (!(await mayChooseContact(env, token))) return refuse("rate_limited");
  try {
    const contact = await peersOf(env)
      .visitor(token.workspace, token.visitor)
      .chooseContact(token.device, change);
    return contact === null ? refuse("ended") : answer({ contact } satisfies ContactResponse);
  } catch (error) {
    const code = errorCodeOf(error);
    return refuse(code === "internal" ? "overloaded" : code);
  }
}
