import { answerPreview } from "./preview-page.ts";
import type { FunctionContext } from "./worker.ts";

export const onRequestGet = async ({ request, env }: FunctionContext): Promise<Response> => {
  const headers = new Headers();
  const cookie = request.headers.get("cookie");
  if (cookie !== null) headers.set("cookie", cookie);
  return answerPreview(
    await env.API.fetch(new Request(new URL("/api/settings", request.url), { headers })),
  );
};
