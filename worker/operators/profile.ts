import { Hono } from "hono";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import { newId, type FileId } from "../../protocol/ids.ts";
import { PHOTO_MAX_BYTES } from "../../protocol/limits.ts";
import { profileInput } from "../../protocol/operator-api.ts";
import { operatorCard, updateOperator } from "../d1/operators.ts";
import type { Env } from "../env.ts";
import { memberOf, type ApiEnv, type Member } from "./api-env.ts";
import { announceOperator } from "./inbox-news.ts";
import { found, json, readBytes } from "./input.ts";
import { photoPath } from "./photos.ts";
import { pictureType, withoutMetadata } from "./pictures.ts";

export const profileRoutes = new Hono<ApiEnv>()
  .patch("/operators/me", json(profileInput), async (c) => {
    const member = memberOf(c);
    const { name, title, status } = c.req.valid("json");
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(title === undefined ? {} : { title }),
      ...(status === undefined ? {} : { status }),
    };
    if (Object.keys(change).length === 0) return c.json(member.card);
    const operator = found(await updateOperator(c.env.DB, member.workspace, member.id, change));
    await announceOperator(c.env, operator);
    return c.json(operatorCard(operator));
  })
  .put("/operators/me/photo", async (c) => {
    const member = memberOf(c);
    const bytes = await readBytes(c.req.raw, PHOTO_MAX_BYTES);
    if (bytes === null) throw new CodedError("too_large");
    const contentType = pictureType(bytes);
    const picture = contentType && withoutMetadata(bytes, contentType);
    if (contentType === null || picture === null) throw new CodedError("not_an_image");
    const photo = newId("fil", now());
    await c.env.FILES.put(photoPath(photo), picture, { httpMetadata: { contentType } });
    return c.json({ photo: await changePhoto(c.env, member, photo) });
  })
  .delete("/operators/me/photo", async (c) => {
    return c.json({ photo: await changePhoto(c.env, memberOf(c), null) });
  });

async function changePhoto(env: Env, member: Member, photo: FileId | null): Promise<string | null> {
  const operator = found(await updateOperator(env.DB, member.workspace, member.id, { photo }));
  await announceOperator(env, operator);
  if (member.row.photo !== null) await env.FILES.delete(photoPath(member.row.photo));
  return operatorCard(operator).photo;
}
