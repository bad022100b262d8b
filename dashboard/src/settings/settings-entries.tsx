import {
  IconClock,
  IconCode,
  IconBolt,
  IconFingerprint,
  IconMail,
  IconMessageCircle,
  IconUser,
  IconUsersGroup,
} from "@tabler/icons-react";

/** The pages of the settings, in the order in which they are needed. */
export const SETTINGS = [
  { to: "/settings/profile", label: "Your profile", Icon: IconUser },
  { to: "/settings/colleagues", label: "Colleagues", Icon: IconUsersGroup },
  { to: "/settings/widget", label: "Widget", Icon: IconMessageCircle },
  { to: "/settings/install", label: "Install", Icon: IconCode },
  { to: "/settings/identity", label: "Identity", Icon: IconFingerprint },
  { to: "/settings/email", label: "Email", Icon: IconMail },
  { to: "/settings/hours", label: "Opening hours", Icon: IconClock },
  { to: "/settings/automatic", label: "Automatic messages", Icon: IconBolt },
] as const;
