import { isId } from "../../protocol/ids.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import { SOCKET_HEADERS } from "../contracts.ts";

/** The operator whose socket the Worker forwards; null if it named none. */
export function readOperatorHeader(request: Request): OperatorCard | null {
  const header = request.headers.get(SOCKET_HEADERS.operator);
  if (header === null) return null;
  const card: unknown = JSON.parse(decodeURIComponent(header));
  if (typeof card !== "object" || card === null || !("id" in card) || !isId("opr", card.id))
    return null;
  const { name, title, photo } = card as Partial<OperatorCard>; // the Worker wrote it; absent fields are filled
  return { id: card.id, name: name ?? "", title: title ?? "", photo: photo ?? null };
}

/** The same card as a header's value. */
export function operatorHeader({ id, name, title, photo }: OperatorCard): string {
  return encodeURIComponent(JSON.stringify({ id, name, title, photo }));
}
