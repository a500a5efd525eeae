import type { Fault, Health, HealthFault, Seats } from "../api/types";
import type { Section } from "../session/route.svelte";
import { words } from "../words";

/** What happened, what it means for mail, and where to mend it. */
export interface BannerText {
  tone: "bad" | "warn";
  title: string;
  text: string;
  technical: string | null;
  to: { label: string; section: Section; filter: string | null } | null;
}

/** Worst first: one banner at a time. */
const ORDER = ["listener_not_bound", "task_failed", "disk_low", "destination_unreachable", "messages_failed"];

/** The banner for the state of things, or null when nothing is wrong. */
export function bannerOf(
  health: Health | null,
  away: Fault | null,
  when: (ms: number) => string,
  seats: Seats | null = null,
): BannerText | null {
  const w = words.frame.banner;
  if (away !== null) {
    const technical = [away.message, ...away.detail].join("\n");
    return { tone: "warn", title: w.awayTitle, text: w.awayText, technical, to: null };
  }
  const faults = [...(health?.faults ?? [])].sort((a, b) => rank(a) - rank(b));
  const worst = faults[0];
  if (worst !== undefined && health !== null) return textOf(worst, health, when);
  if (seats?.level !== "full") return null;
  const to = { label: w.seeSeats, section: "settings", filter: "licence" } as const;
  return { tone: "warn", title: w.seatsTitle, text: w.seatsText, technical: null, to };
}

function rank(fault: HealthFault): number {
  const at = ORDER.indexOf(fault.code);
  return at < 0 ? ORDER.length : at;
}

function textOf(fault: HealthFault, health: Health, when: (ms: number) => string): BannerText {
  const w = words.frame.banner;
  const technical = fault.detail;
  switch (fault.code) {
    case "listener_not_bound": {
      const to = { label: w.changePort, section: "settings", filter: "receiving" } as const;
      return { tone: "bad", title: w.listenerTitle, text: `${fault.sentence} ${w.listenerText}`, technical, to };
    }
    case "destination_unreachable": {
      const to = { label: w.checkAddress, section: "settings", filter: "mail-server" } as const;
      const text = w.destinationText(when(fault.since_ms), health.waiting);
      return { tone: "warn", title: w.destinationTitle, text, technical: technical ?? fault.sentence, to };
    }
    case "messages_failed": {
      const to = { label: w.showMail, section: "mail-flow", filter: null } as const;
      return { tone: "warn", title: w.failedTitle(health.failed), text: w.failedText, technical, to };
    }
    case "disk_low":
      return { tone: "warn", title: w.diskTitle, text: w.diskText, technical: technical ?? fault.sentence, to: null };
    case "task_failed":
      return { tone: "bad", title: w.taskTitle, text: w.taskText, technical: technical ?? fault.sentence, to: null };
    default:
      return { tone: "warn", title: w.otherTitle, text: fault.sentence, technical, to: null };
  }
}
