import { Link } from "@tanstack/react-router";
import { BackLink } from "../page/page.tsx";

export function BackToTriggers() {
  return (
    <BackLink
      label="Back to the triggers"
      renderRoot={(rest) => <Link to="/triggers" {...rest} />}
    />
  );
}
