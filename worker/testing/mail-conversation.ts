import { expect } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import {
  OLIVIA,
  openOperatorSocket,
  type TestSocket,
} from "../../durable-objects/testing/sockets.ts";
import type { MailedEntry, MessageEntry, OperatorEntry } from "../../protocol/entries.ts";
import { asId, type ConversationId } from "../../protocol/ids.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import {
  arrive,
  collectJobs,
  countingTransport,
  type CountingTransport,
  deliverJobs,
  freshAddress,
  inboxOf,
  written,
} from "./mail-stage.ts";
import { env } from "./operator-browser.ts";
import type { WorkspaceFixture } from "./workspace-fixture.ts";

/** Conversations that somebody began by email, with an operator who has them open. */

export const messages = (entries: OperatorEntry[]): MessageEntry[] =>
  entries.filter((entry): entry is MessageEntry => entry.type === "message");
export const fates = (entries: OperatorEntry[]): MailedEntry["state"][] =>
  entries
    .filter((entry): entry is MailedEntry => entry.type === "mailed")
    .map((entry) => entry.state);

/** Conversations of a workspace that began with a mail from an address. */
export async function conversationsOf(
  workspace: WorkspaceFixture,
  address: string,
): Promise<ConversationId[]> {
  const { results } = await env.DB.prepare(
    "SELECT conversation_id AS id FROM mail_threads WHERE workspace_id = ? AND address = ? ORDER BY 1",
  )
    .bind(workspace.me.workspace.id, address)
    .all<{ id: string }>();
  return results.map((row) => asId("cnv", row.id));
}

export async function onlyConversationOf(
  workspace: WorkspaceFixture,
  address: string,
): Promise<ConversationId> {
  const [only, ...others] = await conversationsOf(workspace, address);
  if (only === undefined || others.length > 0) throw new Error("there is not exactly one");
  return only;
}

type Sender = { isProven?: boolean; from?: string };

export type BegunByMail = {
  address: string;
  raw: Uint8Array<ArrayBuffer>;
  conversation: ConversationId;
  socket: TestSocket;
};

/** Somebody has written; an operator has the conversation open. */
export async function begunByMail(
  workspace: WorkspaceFixture,
  options: Sender = {},
): Promise<BegunByMail> {
  const { from: address = freshAddress(), ...others } = options;
  const inbox = inboxOf(workspace.me.workspace.id);
  const raw = written({
    from: `Ada Byron <${address}>`,
    to: inbox,
    subject: "Where is my teapot?",
    text: "I ordered it on Monday.",
    ...others,
  });
  const refusal = await arrive(raw, inbox);
  if (refusal !== null) throw new Error(refusal);
  const conversation = (await conversationsOf(workspace, address)).at(-1);
  if (conversation === undefined) throw new Error("no conversation");
  const socket = await openOperatorSocket(
    peersOf(env).conversation(workspace.me.workspace.id, conversation),
    OLIVIA,
  );
  await socket.ask({ t: "resume", after: 0 });
  return { address, raw, conversation, socket };
}

export type AnsweredByMail = BegunByMail & { jobs: SendEmail[] };

/** Somebody has written and was answered: the answer is on the queue, and so is what comes after it. */
export async function answeredByMail(
  workspace: WorkspaceFixture,
  options?: Sender,
): Promise<AnsweredByMail> {
  const jobs = collectJobs();
  const begun = await begunByMail(workspace, options);
  await answerIn(begun.socket, "It left us today.");
  await eventually(() => expect(jobs.length).toBe(1));
  return { ...begun, jobs };
}

/** The answer has gone out, with an address to answer to. */
export async function mailedAnswer(
  workspace: WorkspaceFixture,
  options?: Sender,
): Promise<AnsweredByMail & { transport: CountingTransport; to: string }> {
  const answered = await answeredByMail(workspace, options);
  const transport = countingTransport();
  await deliverJobs(answered.jobs, transport);
  return { ...answered, transport, to: transport.sent[0]?.mail.replyTo ?? "" };
}

let answers = 0;
export async function answerIn(socket: TestSocket, text: string): Promise<void> {
  await socket.ask({ t: "message", stream: `s${++answers}`, n: 1, text });
}
