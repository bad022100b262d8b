import { createDurable } from "itty-durable";
import { takeToken, type Bucket } from "./bucket.ts";

/**
 * Token buckets of one part of the network in one workspace.
 *
 * The only object built with itty-durable, and on purpose the only one that may forget: the library loads its state
 * in `fetch` alone, so an alarm or a hibernation would overwrite what was stored. Nothing is persisted here; an
 * evicted bucket is a full one. It is reached only through `client.ts`, never with a request from outside.
 */
export class ThrottleObject extends createDurable() {
  buckets: Record<string, Bucket> = {};

  take(name: string, burst: number, perMinute: number): boolean {
    const { isTaken, bucket } = takeToken(this.buckets[name], burst, perMinute, Date.now());
    this.buckets[name] = bucket;
    return isTaken;
  }
}
