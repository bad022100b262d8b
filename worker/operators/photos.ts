import { Hono } from "hono";
import { isId } from "../../protocol/ids.ts";
import type { Env } from "../env.ts";
import { refuse } from "./answers.ts";

/** Operators' photos in R2. */
export const photoPath = (id: string): string => `photos/${id}`;

/**
 * `GET /files/photos/:id`: public and immutable, because a changed photo has another id. Served as what its
 * signature said, in a sandbox: even a file that is two things at once can do nothing here.
 */
export const photoRoutes = new Hono<{ Bindings: Env }>().get("/files/photos/:id", async (c) => {
  const id = c.req.param("id");
  const photo = isId("fil", id) ? await c.env.FILES.get(photoPath(id)) : null;
  if (photo === null) return refuse("not_found");
  return new Response(photo.body, {
    headers: {
      "content-type": photo.httpMetadata?.contentType ?? "application/octet-stream",
      "content-length": String(photo.size),
      "cache-control": "public, max-age=31536000, immutable",
      etag: photo.httpEtag,
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
      "cross-origin-resource-policy": "cross-origin",
    },
  });
});
