import { useWorkspace } from "../../shell/workspace.ts";
import { Page } from "../page.tsx";
import { AttentionCard } from "./attention-card.tsx";
import { PhotoCard } from "./photo-card.tsx";
import { ProfileCard } from "./profile-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";

export function ProfilePage() {
  const { operator } = useWorkspace();
  return (
    <Page
      title="Your profile"
      words="Visitors see your photo, your name and your title beside your answers."
    >
      <PhotoCard />
      <ProfileCard key={operator.id} />
      <AttentionCard />
      <SessionsCard />
    </Page>
  );
}
