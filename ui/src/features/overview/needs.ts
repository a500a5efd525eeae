import type { BlockedClient, Health, HealthFault } from "../../lib/api/types";
import { timeOfDay } from "../../lib/format/time";
import type { Section } from "../../lib/session/route.svelte";
import type { IconName } from "../../lib/ui/icons";
import { words } from "../../lib/words";

/** One thing for the person to do: a sentence, a reason, a button. */
export interface Need {
  icon: IconName;
  tone: string;
  title: string;
  why: string;
  button: string;
  to: { section: Section; filter: string | null; address?: string };
}

/** Where in Settings each fault can be looked after. */
const MENDED_IN: Partial<Record<string, string>> = {
  destination_unreachable: "mail-server",
  destination_is_ours: "mail-server",
  listener_not_bound: "receiving",
  certificate_ends: "receiving",
  disk_low: "outgoing",
};

/** A fault in two short lines. The banner on top of the screen says the rest. */
function saidOf(fault: HealthFault, health: Health): Pick<Need, "title" | "why"> {
  const w = words.overview.needs;
  switch (fault.code) {
    case "listener_not_bound":
      return { title: w.notReceiving, why: fault.sentence };
    case "destination_unreachable":
      return { title: w.unreachable, why: health.waiting > 0 ? w.kept(health.waiting) : w.nothingLost };
    default:
      return { title: fault.sentence, why: fault.detail ?? "" };
  }
}

/** What needs a person, the worst first. */
export function needsOf(health: Health, toDecide: number, blocked: readonly BlockedClient[] = []): Need[] {
  const w = words.overview.needs;
  const needs: Need[] = [];
  for (const fault of health.faults) {
    if (fault.code === "messages_failed") continue;
    const to = { section: "settings", filter: MENDED_IN[fault.code] ?? "about" } as const;
    needs.push({ icon: "care", tone: "warnc", ...saidOf(fault, health), button: w.settings, to });
  }
  if (health.failed > 0) {
    const to = { section: "mail-flow", filter: "problems" } as const;
    needs.push({ icon: "bad", tone: "badc", title: w.failed(health.failed), why: w.failedWhy, button: w.look, to });
  }
  if (toDecide > 0) {
    const to = { section: "discovered", filter: null } as const;
    const title = w.discovered(toDecide);
    needs.push({ icon: "find", tone: "infoc", title, why: w.discoveredWhy, button: w.decide, to });
  }
  if (health.waiting > 0 && health.faults.length === 0) {
    const to = { section: "mail-flow", filter: "waiting" } as const;
    needs.push({
      icon: "clock",
      tone: "warnc",
      title: w.waiting(health.waiting),
      why: w.waitingWhy,
      button: w.look,
      to,
    });
  }
  const [first] = blocked;
  if (first !== undefined) {
    const to = { section: "settings", filter: "receiving", address: "blocked" } as const;
    const title = blocked.length === 1 ? w.blockedOne(first.address) : w.blocked(blocked.length);
    const last = Math.max(...blocked.map((client) => client.until_ms));
    needs.push({ icon: "barred", tone: "offc", title, why: w.blockedWhy(timeOfDay(last)), button: w.look, to });
  }
  return needs;
}
