import { words } from "../words";

/** Every shortcut of the window, in one list: what runs, what is shown in tooltips, and what the list of keys says. */
const mac = typeof document !== "undefined" && document.documentElement.dataset.platform === "mac";

interface Shortcut {
  /** `mod` is Ctrl, or Command on a Mac. */
  keys: string;
  does: string;
  group: keyof typeof words.keys.groups;
}

export const shortcuts = {
  overview: { keys: "mod 1", does: words.keys.overview, group: "everywhere" },
  discovered: { keys: "mod 2", does: words.keys.discovered, group: "everywhere" },
  people: { keys: "mod 3", does: words.keys.people, group: "everywhere" },
  sync: { keys: "mod 4", does: words.keys.sync, group: "everywhere" },
  "mail-flow": { keys: "mod 5", does: words.keys.mailFlow, group: "everywhere" },
  settings: { keys: "mod ,", does: words.keys.settings, group: "everywhere" },
  inbox: { keys: "mod I", does: words.keys.inbox, group: "everywhere" },
  palette: { keys: "mod K", does: words.keys.palette, group: "everywhere" },
  search: { keys: "/", does: words.keys.search, group: "everywhere" },
  region: { keys: "F6", does: words.keys.region, group: "everywhere" },
  regionBack: { keys: "Shift F6", does: words.keys.regionBack, group: "everywhere" },
  undo: { keys: "mod Z", does: words.keys.undo, group: "everywhere" },
  refresh: { keys: "F5", does: words.keys.refresh, group: "everywhere" },
  help: { keys: "?", does: words.keys.help, group: "everywhere" },
  escape: { keys: "Esc", does: words.keys.escape, group: "everywhere" },
  move: { keys: "↑ ↓", does: words.keys.move, group: "lists" },
  page: { keys: "PgUp PgDn", does: words.keys.page, group: "lists" },
  ends: { keys: "Home End", does: words.keys.ends, group: "lists" },
  toggle: { keys: "Space", does: words.keys.toggle, group: "lists" },
  range: { keys: "Shift ↑ ↓", does: words.keys.range, group: "lists" },
  all: { keys: "mod A", does: words.keys.all, group: "lists" },
  reply: { keys: "E", does: words.keys.reply, group: "lists" },
  open: { keys: "Enter", does: words.keys.open, group: "discovered" },
  user: { keys: "U", does: words.keys.user, group: "discovered" },
  functional: { keys: "F", does: words.keys.functional, group: "discovered" },
  notReal: { keys: "X", does: words.keys.notReal, group: "discovered" },
  giveWeek: { keys: "W", does: words.keys.giveWeek, group: "discovered" },
  neverAdd: { keys: "N", does: words.keys.neverAdd, group: "discovered" },
  tryNow: { keys: "T", does: words.keys.tryNow, group: "mailFlow" },
  pause: { keys: "P", does: words.keys.pause, group: "mailFlow" },
} as const satisfies Record<string, Shortcut>;

export type ShortcutName = keyof typeof shortcuts;

/** The keys as this computer writes them: `Ctrl Z`, or `⌘ Z` on a Mac. */
export function label(name: ShortcutName): string {
  const { ctrl, command, shift } = words.common.keys;
  return shortcuts[name].keys.replace("mod", mac ? command : ctrl).replace("Shift", shift);
}

/** True while the event's target takes text: no shortcut of one letter may act then. */
export function typing(event: KeyboardEvent): boolean {
  const target = event.target;
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

const WITH_MOD: Record<string, ShortcutName> = {
  1: "overview",
  2: "discovered",
  3: "people",
  4: "sync",
  5: "mail-flow",
  ",": "settings",
  k: "palette",
  i: "inbox",
  f: "search",
  z: "undo",
};
const ALONE: Record<string, ShortcutName> = { F5: "refresh", F1: "help" };
const UNLESS_TYPING: Record<string, ShortcutName> = { "/": "search", "?": "help" };

/** The shortcut for the whole window that an event means, or null. */
export function shortcutOf(event: KeyboardEvent): ShortcutName | null {
  const mod = mac ? event.metaKey : event.ctrlKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.altKey) return null;
  if (mod) {
    const name = event.shiftKey ? undefined : WITH_MOD[key];
    return name === undefined || (name === "undo" && typing(event)) ? null : name;
  }
  if (key === "F6") return event.shiftKey ? "regionBack" : "region";
  return ALONE[key] ?? (typing(event) ? null : (UNLESS_TYPING[key] ?? null));
}
