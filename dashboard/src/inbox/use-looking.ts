import { useEffect } from "react";
import type { ConversationId } from "../../../protocol/ids.ts";
import { useWorkspace } from "../shell/workspace.ts";

/** Tells colleagues which conversation this tab shows, as long as somebody can see the tab. */
export function useLooking(conversation: ConversationId | null): void {
  const { live } = useWorkspace();
  useEffect(() => {
    const tell = (): void =>
      live.look(document.visibilityState === "visible" ? conversation : null);
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => {
      document.removeEventListener("visibilitychange", tell);
      live.look(null);
    };
  }, [live, conversation]);
}
