/** What a person chose about looks and keys. Stored in this computer's browser storage, not in the data folder. */
export interface Look {
  theme: "system" | "light" | "dark";
  contrast: "system" | "more";
  /** Single-letter commands in lists. */
  letters: boolean;
  /** Width of the detail panel in px; null is the usual one. */
  panel: number | null;
  /** The tip that discovery is for the first weeks was read (D26). */
  tipHidden: boolean;
}

const KEY = "rollcall.look";
const USUAL: Look = { theme: "system", contrast: "system", letters: true, panel: null, tipHidden: false };

function stored(): Look {
  try {
    const read = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Look>;
    return { ...USUAL, ...read };
  } catch {
    return USUAL;
  }
}

class LookStore {
  now = $state.raw<Look>(stored());

  set(change: Partial<Look>): void {
    this.now = { ...this.now, ...change };
    localStorage.setItem(KEY, JSON.stringify(this.now));
    this.apply();
  }

  /** Sets the attributes tokens.css listens to. `public/look.js` does the same before the first paint. */
  apply(): void {
    const root = document.documentElement;
    if (this.now.theme === "system") delete root.dataset.theme;
    else root.dataset.theme = this.now.theme;
    if (this.now.contrast === "more") root.dataset.contrast = "more";
    else delete root.dataset.contrast;
    if (this.now.panel === null) root.style.removeProperty("--panel");
    else root.style.setProperty("--panel", `${this.now.panel}px`);
  }
}

export const look = new LookStore();
