// Shows the real widget with settings that are not saved yet. They come from the settings page around it.
(() => {
  const { script, key } = document.currentScript.dataset;
  const scheme = new URLSearchParams(location.search).get("scheme");
  document.documentElement.setAttribute(
    "data-mantine-color-scheme",
    scheme === "dark" ? "dark" : "light",
  );
  const parley = (window.parley =
    window.parley ||
    function () {
      (parley.q = parley.q || []).push(arguments);
    });
  // An opened chat puts the cursor into its field, and would take it out of the settings around this page.
  HTMLElement.prototype.focus = () => {};
  let isConnected = false;
  let isOpen = false;

  addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.source !== parent) return;
    const data = event.data;
    if (data === null || typeof data !== "object" || data.type !== "parley-preview") return;
    const isFirst = !isConnected;
    isConnected = true;
    if (isFirst) {
      window.parley("connect", key, { preview: { settings: data.settings, team: data.team } });
    }
    window.parley("preview", data.settings, data.team, data.moments);
    if (data.isOpen !== isOpen) {
      isOpen = data.isOpen === true;
      window.parley(isOpen ? "open" : "close");
    }
    if (!isFirst) return;
    const element = document.createElement("script");
    element.async = true;
    element.src = script;
    element.addEventListener("error", () =>
      parent.postMessage({ type: "parley-preview-failed" }, location.origin),
    );
    document.head.append(element);
  });
  parent.postMessage({ type: "parley-preview-ready" }, location.origin);
})();
