import type { VisitorLabel } from "../../../protocol/conversation-frames.ts";
import { Face } from "../theme/face.tsx";
import { nameOf } from "../words/names.ts";
import styles from "./message-log.module.css";
import type { RoomState } from "./room-state.ts";

/** Who writes right now. */
export function TypingLine({
  typing,
  visitor,
}: {
  typing: RoomState["typing"];
  visitor: VisitorLabel | null;
}) {
  const first = typing[0];
  if (first === undefined) return <div className={styles.typing} role="status" />;
  const names = typing.map(
    (typist) => typist.operator?.name ?? (visitor === null ? "The visitor" : nameOf(visitor)),
  );
  const words =
    names.length === 1 ? `${names[0]} is writing` : `${names.join(" and ")} are writing`;
  const who =
    first.operator ??
    (visitor === null ? null : { id: visitor.id, name: nameOf(visitor), photo: null });
  return (
    <div className={styles.typing} role="status">
      {who !== null && <Face id={who.id} name={who.name} photo={who.photo} size={24} />}
      <span className={styles.typingDots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span className={styles.typingWords} dir="auto">
        {words}
      </span>
    </div>
  );
}
