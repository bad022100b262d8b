import type { OperatorId } from "./ids.ts";

/** An operator as visitors and colleagues see them. */
export type OperatorCard = {
  id: OperatorId;
  name: string;
  title: string;
  /** Path of the photo on this host, or null for initials. */
  photo: string | null;
};

export type OperatorStatus = "online" | "away";
export type OperatorRole = "owner" | "admin" | "agent";

/** What the chat says about who is there. */
export type TeamAvailability = {
  /** Somebody has the dashboard open and is not away. */
  isOnline: boolean;
  /** Up to three faces, those online first. */
  faces: OperatorCard[];
  /** When somebody is expected back by the opening hours; null when open or when no hours are set. */
  backAt: number | null;
};
