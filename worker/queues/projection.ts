import { peersOf, type Peers } from "../../durable-objects/peers.ts";
import type { ProjectionJob } from "../../protocol/jobs.ts";
import { rowsOf, writeProjections, type ProjectedRows } from "../d1/projections.ts";
import type { Env } from "../env.ts";
import { keepDead, postpone } from "./dead-jobs.ts";

type Delivery = { message: Message<ProjectionJob>; rows: ProjectedRows };

/**
 * Writes a batch of projections to D1 and confirms each back to its object; only then is a job done.
 * A job that cannot be written is tried again later by itself and holds up none of the others.
 */
export async function consumeProjection(
  batch: MessageBatch<ProjectionJob>,
  env: Env,
): Promise<void> {
  const deliveries: Delivery[] = [];
  for (const message of batch.messages) {
    try {
      deliveries.push({ message, rows: rowsOf(message.body) });
    } catch (error) {
      postpone("projection", message, error);
    }
  }
  const written = await write(env.DB, deliveries);
  await confirm(peersOf(env), written);
}

/** The deliveries whose rows are in D1. */
async function write(db: D1Database, deliveries: Delivery[]): Promise<Delivery[]> {
  try {
    await writeProjections(
      db,
      deliveries.map((delivery) => delivery.rows),
    );
    return deliveries;
  } catch (error) {
    const [only] = deliveries;
    if (deliveries.length === 1 && only) {
      postpone("projection", only.message, error);
      return [];
    }
  }
  const written: Delivery[] = [];
  for (const delivery of deliveries) written.push(...(await write(db, [delivery])));
  return written;
}

/** Confirms to all objects at once, and to each one in the order of its numbers. */
async function confirm(peers: Peers, deliveries: Delivery[]): Promise<void> {
  const byObject = Map.groupBy(deliveries, ({ message: { body } }) =>
    body.type === "ProjectConversation"
      ? `${body.workspace}:${body.conversation}`
      : `${body.workspace}:${body.visitor}`,
  );
  await Promise.all(
    [...byObject.values()].map(async (group) => {
      for (const { message } of group.toSorted((a, b) => startOf(a) - startOf(b))) {
        try {
          await confirmOne(peers, message.body);
          message.ack();
        } catch (error) {
          postpone("projection", message, error);
        }
      }
    }),
  );
}

function startOf({ message: { body } }: Delivery): number {
  return body.type === "ProjectConversation" ? body.from : body.version;
}

async function confirmOne(peers: Peers, job: ProjectionJob): Promise<void> {
  switch (job.type) {
    case "ProjectVisitor":
      return peers.visitor(job.workspace, job.visitor).confirmProjection(job.version);
    case "ProjectDeliveries":
      return peers.visitor(job.workspace, job.visitor).confirmDeliveries(job.version);
    case "ProjectConversation":
      return peers
        .conversation(job.workspace, job.conversation)
        .confirmProjection(job.from, job.through, job.summary.version);
  }
}

/** Keeps projections that every retry failed for. */
export function consumeDeadProjections(
  batch: MessageBatch<ProjectionJob>,
  env: Env,
): Promise<void> {
  return keepDead("projection", batch, env);
}
