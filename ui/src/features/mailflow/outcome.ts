import type { MailLogRow, Outcome, TraceRow } from "../../lib/api/types";
import type { IconName } from "../../lib/ui/icons";
import { words } from "../../lib/words";

export type Tone = "ok" | "warn" | "bad" | "off";

/** Refused mail is grey, not red: the relay does its job. */
export const outcomeLook: Record<Outcome, { icon: IconName; tone: Tone }> = {
  delivered: { icon: "good", tone: "ok" },
  refused: { icon: "barred", tone: "off" },
  deferred: { icon: "clock", tone: "off" },
  waiting: { icon: "clock", tone: "warn" },
  failed: { icon: "bad", tone: "bad" },
};

/** How a row looks: what an operator keeps here is no ordinary waiting. */
export function lookOf(row: MailLogRow): { icon: IconName; tone: Tone } {
  return row.held ? { icon: "held", tone: "warn" } : outcomeLook[row.outcome];
}

/** The result in the list: of all recipients where they fared differently. */
export function resultOf(row: MailLogRow): string {
  if (row.held) return words.mailflow.onHold;
  const partly = row.recipients > 1 && row.recipients_delivered > 0 && row.recipients_delivered < row.recipients;
  return partly ? words.mailflow.partly(row.recipients_delivered, row.recipients) : words.mailflow.outcome[row.outcome];
}

const STEPS: Record<string, { icon: IconName; tone: "info" | "off" | "warn" }> = {
  came: { icon: "arrived", tone: "off" },
  content: { icon: "arrived", tone: "off" },
  no_answer: { icon: "server", tone: "warn" },
  client_left: { icon: "leave", tone: "off" },
  proof: { icon: "find", tone: "off" },
  report: { icon: "forward", tone: "info" },
  no_report: { icon: "barred", tone: "off" },
  operator: { icon: "person", tone: "off" },
};

/** How a step looks: by the first digit of the reply, where there is one. */
export function stepLook({ step, who, said }: TraceRow): { icon: IconName; tone: Tone | "info" } {
  const fixed = STEPS[step];
  if (fixed !== undefined) return fixed;
  const icon: IconName = who === "server" ? "server" : "flow";
  const first = /^[245]\d\d/.exec(said ?? "")?.[0].charAt(0);
  const tones: Record<string, Tone> = { 2: "ok", 4: "warn", 5: who === "us" ? "off" : "bad" };
  return { icon, tone: first === undefined ? (who === "server" ? "warn" : "info") : (tones[first] ?? "info") };
}
