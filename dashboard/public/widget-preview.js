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
  let isConnected = false;

  addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.source !== parent) return;
    const data = event.data;
    if (data === null || typeof data !== "object" || data.type !== "parley-preview") return;
    if (isConnected) {
      window.parley("preview", data.settings, data.team);
      return;
    }
    isConnected = true;
    window.parley("connect", key, { preview: { settings: data.settings, team: data.team } });
    window.parley("preview", data.settings, data.team);
    window.parley("open");
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
