import type { ConversationId } from "../../../protocol/ids.ts";
import { keptItems, onForgotten } from "./outbox-storage.ts";
import { createRoom, type Room, type RoomSurroundings } from "./room.ts";

/** The conversations this tab has opened; a few stay loaded, so that going back shows them at once. */
export type Rooms = {
  get(id: ConversationId): Room;
  /** Sends what an earlier visit left unsent; the answer closes every room. */
  start(): () => void;
};

const KEPT_ROOMS = 20;

export function createRooms(around: RoomSurroundings): Rooms {
  const rooms = new Map<ConversationId, Room>();
  const me = around.operator;

  function get(id: ConversationId): Room {
    let room = rooms.get(id);
    if (room === undefined) {
      room = createRoom(
        id,
        keptItems(me).filter((item) => item.conversation === id),
        around,
      );
    }
    rooms.delete(id);
    rooms.set(id, room);
    for (const [old, candidate] of rooms) {
      if (rooms.size <= KEPT_ROOMS) break;
      if (old !== id && candidate.isSpare()) rooms.delete(old);
    }
    return room;
  }

  return {
    get,
    start() {
      for (const item of keptItems(me)) get(item.conversation).deliver();
      const stopListening = onForgotten(me, (conversation, key) =>
        rooms.get(conversation)?.forget(key),
      );
      return () => {
        stopListening();
        for (const room of rooms.values()) room.close();
      };
    },
  };
}
