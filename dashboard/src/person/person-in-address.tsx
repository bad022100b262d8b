import { useNavigate, useSearch } from "@tanstack/react-router";
import { isId } from "../../../protocol/ids.ts";
import { PersonDrawer } from "./person-drawer.tsx";

/** The person whom the address names, beside the page that stands there. */
export function PersonInAddress() {
  const { person } = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <PersonDrawer
      visitor={isId("vis", person) ? person : null}
      onClose={() => void navigate({ to: ".", search: {}, resetScroll: false })}
    />
  );
}
