import { shortcutOf, type ShortcutName } from "../../lib/keys/keys";
import type { Section } from "../../lib/session/route.svelte";
import type { Session } from "../../lib/session/session.svelte";
import { moveFocus } from "../../lib/ui/focus";

const REGIONS = ["sidebar", "header", "banner", "list", "panel"];
const FOCUSABLE = "a[href], button:not([tabindex='-1']), input, select, [tabindex='0']";

/** Moves the focus to the next or previous region that is on the screen. */
export function walkRegions(back: boolean): void {
  const found = REGIONS.map((name) => document.querySelector<HTMLElement>(`[data-region=${name}]`)).filter(
    (region): region is HTMLElement => region !== null,
  );
  const here = found.findIndex((region) => region.contains(document.activeElement));
  const step = back ? -1 : 1;
  const next = found[(here + step + found.length) % found.length];
  const target =
    next?.querySelector<HTMLElement>("[role=row][tabindex='0']") ?? next?.querySelector<HTMLElement>(FOCUSABLE);
  moveFocus(target ?? next);
}

/** Runs a shortcut of the whole window. */
export function run(name: ShortcutName, session: Session): boolean {
  switch (name) {
    case "inbox":
      session.inboxOpen = !session.inboxOpen;
      return true;
    case "palette":
      session.dialog = "palette";
      return true;
    case "help":
      session.dialog = "keys";
      return true;
    case "undo":
      void session.undoLast();
      return true;
    case "refresh":
      session.refresh();
      return true;
    case "region":
    case "regionBack":
      walkRegions(name === "regionBack");
      return true;
    case "search": {
      const field = document.querySelector<HTMLInputElement>("[data-search]");
      field?.focus();
      field?.select();
      return field !== null;
    }
    default:
      session.router.go(name as Section);
      return true;
  }
}

/** One keydown of the window; what a dialog or list handled never gets here. */
export function pressed(event: KeyboardEvent, session: Session): void {
  if (event.defaultPrevented || session.dialog !== null) return;
  const name = shortcutOf(event);
  if (name !== null && run(name, session)) event.preventDefault();
}
