// Before the first paint: the look a person chose in Settings, and the computer it runs on. A file of its own, because
// the content security policy allows no inline script. Key and shape belong to src/lib/session/look.svelte.ts.
(() => {
  const root = document.documentElement;
  const platform = navigator.platform.toLowerCase();
  root.dataset.platform = platform.includes("mac") ? "mac" : platform.includes("win") ? "win" : "linux";
  try {
    const look = JSON.parse(localStorage.getItem("rollcall.look") ?? "{}");
    if (look.theme === "light" || look.theme === "dark") root.dataset.theme = look.theme;
    if (look.contrast === "more") root.dataset.contrast = "more";
  } catch {
    // A broken entry means: follow the system.
  }
})();
