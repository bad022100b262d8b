import type { ThrottleContract } from "../contracts.ts";

/**
 * The typed way to a throttle: makes the one request that itty-durable's router understands, itself, so that no
 * caller's request ever reaches that router. A throttle that cannot be asked lets everybody through.
 */
export function throttleClient(stub: {
  fetch(url: string, init: RequestInit): Promise<Response>;
}): ThrottleContract {
  return {
    async take(bucket, burst, perMinute) {
      try {
        const answer = await stub.fetch("https://throttle/do/call/take", {
          headers: { "do-content": JSON.stringify([bucket, burst, perMinute]) },
        });
        return (await answer.json()) !== false;
      } catch {
        return true;
      }
    },
  };
}
