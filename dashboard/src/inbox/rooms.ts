import type { ConversationId, OperatorId } from "../../../protocol/ids.ts";
import { keptItems, onForgotten } from "./outbox-storage.ts";
import { openRoom, type Room, type RoomSurroundings } from "./room.ts";

/** The conversations this tab has opened; a few stay loaded, so that going back shows them at once. */
export type Rooms = { get(id: ConversationId): Room; close(): void };

const KEPT_ROOMS = 20;

/** Rooms with something unsent from an earlier visit are opened at once, and send it. */
export function openRooms(me: OperatorId, around: RoomSurroundings): Rooms {
  const rooms = new Map<ConversationId, Room>();
  const kept = keptItems(me);

  function get(id: ConversationId): Room {
    let room = rooms.get(id);
    if (room === undefined) {
      room = openRoom(
        id,
        kept.filter((item) => item.conversation === id),
        around,
      );
    }
    rooms.delete(id);
    rooms.set(id, room);
    for (const [old, candidate] of rooms) {
      if (rooms.size <= KEPT_ROOMS) break;
      if (old !== id && candidate.isIdle()) rooms.delete(old);
    }
    return room;
  }

  for (const item of kept) get(item.conversation);
  const stopListening = onForgotten(me, (conversation, key) =>
    rooms.get(conversation)?.forget(key),
  );

  return {
    get,
    close() {
      stopListening();
      for (const room of rooms.values()) room.close();
      rooms.clear();
    },
  };
}
