import { took } from "../format/time";
import type { BarWidth } from "../api/types";

const each: Record<BarWidth, string> = { hour: "hour", day: "day", week: "week", month: "month" };

/** The report of the mail flow: how much, why not, how fast. */
export const report = {
  title: (width: BarWidth) => `Mail per ${each[width]}`,
  column: { hour: "Hour", day: "Day", week: "Week", month: "Month" } satisfies Record<BarWidth, string>,
  sentence: (period: string, parts: string) => `${period}: ${parts}.`,
  delivered: "passed on",
  waiting: "kept here",
  deferred: "asked to wait",
  refused: "refused",
  failed: "failed in the end",
  columns: {
    delivered: "Passed on",
    waiting: "Kept here",
    deferred: "Asked to wait",
    refused: "Refused",
    failed: "Failed",
  },
  busiest: (n: string, width: BarWidth) => `Busiest ${each[width]} ${n}`,
  empty: "No mail in this time",
  keys: (width: BarWidth) => `Arrow keys read one ${each[width]}, Enter shows its messages.`,
  click: "A click on a bar shows its messages.",
  counted: "Counted for each recipient.",
  why: "Why mail was not passed on",
  whyNone: "All of it was passed on.",
  showThese: (reason: string) => `Show the messages: ${reason}`,
  speed: "How long it took",
  speedText: "From the recipient’s command until the next mail server had the message.",
  speedNone: "Nothing was passed on in this time.",
  within: (ms: number | null) => (ms === null ? "Longer" : `Within ${inWords(ms)}`),
  share: (n: string, of: string) => `${n} (${of})`,
};

function inWords(ms: number): string {
  if (ms < 1000) return took(ms);
  if (ms < 60_000) return ms === 1000 ? "1 second" : `${ms / 1000} seconds`;
  if (ms < 3_600_000) return ms === 60_000 ? "1 minute" : `${ms / 60_000} minutes`;
  return "1 hour";
}
