import type { Health, StateCounts } from "../../lib/api/types";
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
  to: { section: Section; filter: string | null };
}

/** What needs a person, the worst first. */
export function needsOf(health: Health, counts: StateCounts): Need[] {
  const w = words.overview.needs;
  const needs: Need[] = [];
  for (const fault of health.faults) {
    const server = fault.code === "destination_unreachable";
    if (fault.code === "messages_failed") continue;
    needs.push({
      icon: "care",
      tone: "warnc",
      title: fault.sentence,
      why: server && health.waiting > 0 ? words.overview.waitingHere(health.waiting) : (fault.detail ?? ""),
      button: w.settings,
      to: { section: "settings", filter: server ? "mail-server" : "receiving" },
    });
  }
  if (health.failed > 0) {
    const to = { section: "mail-flow", filter: null } as const;
    needs.push({ icon: "bad", tone: "badc", title: w.failed(health.failed), why: w.failedWhy, button: w.look, to });
  }
  if (counts.discovered > 0) {
    const to = { section: "discovered", filter: null } as const;
    const title = w.discovered(counts.discovered);
    needs.push({ icon: "find", tone: "infoc", title, why: w.discoveredWhy, button: w.decide, to });
  }
  if (health.waiting > 0 && health.faults.length === 0) {
    const to = { section: "mail-flow", filter: null } as const;
    needs.push({
      icon: "clock",
      tone: "warnc",
      title: w.waiting(health.waiting),
      why: w.waitingWhy,
      button: w.look,
      to,
    });
  }
  return needs;
}
