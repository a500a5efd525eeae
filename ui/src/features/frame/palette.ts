import { label } from "../../lib/keys/keys";
import { statusReport } from "../../lib/parts/report";
import { look } from "../../lib/session/look.svelte";
import type { Section } from "../../lib/session/route.svelte";
import type { Session } from "../../lib/session/session.svelte";
import type { IconName } from "../../lib/ui/icons";
import { words } from "../../lib/words";

/** One line of the palette. */
export interface Entry {
  group: "go" | "act" | "address";
  icon: IconName;
  label: string;
  hint?: string;
  keys?: string;
  run: () => void;
}

const PLACES: [Exclude<Section, "history" | "reports">, IconName][] = [
  ["overview", "pulse"],
  ["discovered", "find"],
  ["people", "people"],
  ["sync", "sync"],
  ["mail-flow", "flow"],
  ["settings", "settings"],
];

/** Everything that can be done without naming an address. */
export function entriesFor(session: Session): Entry[] {
  const w = words.frame.palette;
  const places = PLACES.map(([section, icon]): Entry => ({
    group: "go",
    icon,
    label: w.go(words.frame.sections[section]),
    keys: label(section),
    run: () => session.router.go(section),
  }));
  const settings = Object.entries(words.settings.sections).map(([filter, title]): Entry => ({
    group: "go",
    icon: "settings",
    label: w.settings(title),
    run: () => session.router.go("settings", { filter }),
  }));
  const act = (icon: IconName, text: string, run: () => void, keys?: string): Entry => ({
    group: "act",
    icon,
    label: text,
    run,
    ...(keys === undefined ? {} : { keys }),
  });
  return [
    ...places,
    act("plus", w.addPerson, () => (session.dialog = "add")),
    act("list", words.frame.sections.history, () => session.router.go("history")),
    act("list", words.frame.sections.reports, () => session.router.go("reports")),
    act("copy", w.copyStatus, () => void statusReport(session)),
    act("again", w.refresh, () => session.bus.refreshAll(), label("refresh")),
    act("keyboard", w.keys, () => (session.dialog = "keys"), label("help")),
    ...settings,
    act("sun", w.light, () => look.set({ theme: "light" })),
    act("sun", w.dark, () => look.set({ theme: "dark" })),
    act("sun", w.system, () => look.set({ theme: "system" })),
  ];
}

/** Those that hold every word that was typed, in any order. */
export function matching(entries: readonly Entry[], text: string): Entry[] {
  const typed = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return entries.filter((entry) => typed.every((word) => entry.label.toLowerCase().includes(word)));
}
