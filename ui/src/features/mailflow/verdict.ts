import type { MailLogRow, QueueRow, TraceRow } from "../../lib/api/types";
import { dayAndTime, timeOfDay, when } from "../../lib/format/time";
import type { IconName } from "../../lib/ui/icons";
import { words } from "../../lib/words";
import { outcomeLook, type Tone } from "./outcome";

/** What is going on with a message, and what happens next. */
export interface Verdict {
  icon: IconName;
  tone: Tone;
  title: string;
  text: string;
}

const MINUTE_MS = 60_000;
const w = words.mailflow;

/** Since when an operator keeps it here, as far as the trace tells. */
export function heldSince(trace: readonly TraceRow[]): number | null {
  return trace.findLast(({ step, said }) => step === "operator" && said === "held")?.at_ms ?? null;
}

export function verdictOf(row: MailLogRow, queued: QueueRow | null, now: number, since: number | null = null): Verdict {
  const look = outcomeLook[row.outcome];
  const said = { ...look, title: w.verdictTitle(row), text: w.verdictText(row) };
  if (queued === null) return said;
  if (queued.held) {
    const title = w.waits.held(since === null ? null : when(since, now));
    return { icon: "held", tone: "warn", title, text: w.waits.heldText(dayAndTime(queued.expires_ms)) };
  }
  if (row.outcome === "failed") return { ...said, text: `${said.text} ${w.waits.kept}` };
  if (row.outcome !== "waiting") return said;
  return { ...look, title: w.waits.forServer(row), text: nextOf(row, queued, now) };
}

/** The next try and until when, from the recipient the row is about. */
function nextOf(row: MailLogRow, queued: QueueRow, now: number): string {
  const mine = queued.recipients.find((one) => one.address === row.recipient && one.state !== "delivered");
  const one = mine ?? queued.recipients.find((other) => other.state !== "delivered");
  if (one === undefined) return w.verdictText(row);
  if (one.state === "active") return w.waits.active;
  const until = w.waits.until(dayAndTime(queued.expires_ms));
  if (one.no_next_hop !== null) return `${w.waits.nowhere(one.no_next_hop)} ${until}`;
  if (one.due_ms === null) return `${w.waits.tries(one.attempts)} ${until}`;
  const minutes = Math.round((one.due_ms - now) / MINUTE_MS);
  return `${w.waits.tries(one.attempts)} ${w.waits.next(timeOfDay(one.due_ms), minutes)} ${until}`;
}
