import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./theme/mantine-styles.ts";
import "./theme/tokens.css";
import "./theme/base.css";
import { listenToOtherTabs } from "./api/acting-operator.ts";
import { App } from "./app.tsx";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root element.");
listenToOtherTabs();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
