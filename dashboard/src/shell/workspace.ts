import { createContext, use } from "react";
import type { Me } from "../../../protocol/operator-api.ts";
import type { WorkspaceLive } from "../live/workspace-live.ts";

/** Whoever is signed in, in which workspace, and its live view. */
export type Workspace = {
  workspace: NonNullable<Me["workspace"]>;
  operator: NonNullable<Me["operator"]>;
  email: string;
  workspaces: Me["workspaces"];
  invitations: Me["invitations"];
  /** Owners and admins may change what concerns everybody. */
  canManage: boolean;
  live: WorkspaceLive;
};

export const WorkspaceContext = createContext<Workspace | null>(null);

export function useWorkspace(): Workspace {
  const workspace = use(WorkspaceContext);
  if (workspace === null) throw new Error("Only used inside the shell.");
  return workspace;
}
