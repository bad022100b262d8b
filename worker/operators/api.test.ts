import { hc } from "hono/client";
import { expect, expectTypeOf, it } from "vitest";
import type { ConversationSummary } from "../../protocol/conversation-frames.ts";
import type { Me, TimelinePage } from "../../protocol/operator-api.ts";
import type { PersonCard } from "../../protocol/person.ts";
import type { OperatorApi } from "./api.ts";

it("tells the typed client every address and the type of every answer", () => {
  const { api } = hc<OperatorApi>("http://dashboard.test");
  expect(api.conversations[":id"].socket.$url({ param: { id: "cnv_1" } }).pathname).toBe(
    "/api/conversations/cnv_1/socket",
  );
  type Answer<Call extends (...input: never[]) => Promise<{ json(): unknown }>> = Awaited<
    ReturnType<Awaited<ReturnType<Call>>["json"]>
  >;
  expectTypeOf<Answer<typeof api.me.$get>>().toExtend<Me>();
  expectTypeOf<Answer<typeof api.conversations.$get>>().toHaveProperty("nextCursor");
  expectTypeOf<
    Answer<(typeof api.conversations)[":id"]["assign"]["$post"]>
  >().toExtend<ConversationSummary>();
  expectTypeOf<Answer<(typeof api.visitors)[":id"]["$get"]>>().toExtend<PersonCard>();
  expectTypeOf<Answer<(typeof api.visitors)[":id"]["timeline"]["$get"]>>().toExtend<TimelinePage>();
  expectTypeOf<Answer<typeof api.operators.invite.$post>>().toExtend<{ id: string }>();
});
