import type {
  Command,
  ExportMailLogArgs,
  LogRetention,
  MailBar,
  MailCounts,
  MailLog,
  MailLogArgs,
  MailLogRow,
  MailMessage,
  MailReport,
  PeriodArgs,
  QueueRow,
  ReasonCount,
} from "../../api/types";
import * as data from "./data";
import { logRow, mailLog } from "./maildata";
import { changed, queued, traceOf } from "./mailrows";
import type { Told } from "./told";

const TIMES = [100, 1000, 10_000, 60_000, 600_000, 3_600_000, null];

/** The mail log, the queue and what a person does to it. */
export class FakeFlow {
  log: MailLogRow[] = [];
  /** Messages that were given up and are kept. */
  givenUp = 0;
  private queue: QueueRow[] = [];
  private kept = { days: 90, megabytes: 1000 };

  constructor(private readonly told: Told) {}

  /** `watching`: what would be refused goes through (shadow mode). */
  fill(watching = false): void {
    const log = mailLog()
      .map(changed)
      .map(watching ? letThrough : (row) => row);
    this.queue = log.filter((row) => row.queue_id !== null).map(queued);
    this.log = log;
  }

  /** Carries out what it knows; undefined for a command about something else. */
  command(command: Command): unknown {
    switch (command.name) {
      case "flush_queue":
        return this.changed(this.flush(command.args.queue_id));
      case "hold_message":
        return this.changed(this.hold(command.args.queue_ids, true));
      case "release_message":
        return this.changed(this.hold(command.args.queue_ids, false));
      case "delete_message":
        this.settle(command.args.queue_ids, { outcome: "failed", reason: "deleted_by_operator" });
        return this.changed({ queue_ids: command.args.queue_ids, unchanged: [] });
      case "set_log_retention":
        this.kept = { days: command.args.days, megabytes: command.args.megabytes };
        return this.changed(this.retention());
      default:
        return undefined;
    }
  }

  private changed(answer: unknown): unknown {
    this.told.tell(["mail", "journal"]);
    return answer;
  }

  arrive(local: string): void {
    const id = (this.log[0]?.id ?? 0) + 1;
    this.log = [logRow(id, this.told.now, local, id), ...this.log];
  }

  /** The mail server refuses in the end what was kept. */
  fail(queue_id: string): void {
    const destination_reply = "550 5.2.2 Mailbox full";
    this.settle([queue_id], { outcome: "failed", reason: "refused_by_server", destination_reply });
    this.givenUp += 1;
    this.told.tell(["mail", "health"], { kind: "undelivered", queue_ids: [queue_id] });
  }

  list(args: MailLogArgs): MailLog {
    const found = this.log.filter((row) => fits(row, args));
    const rows = found.slice(0, args.limit ?? 100).map((row) => this.marked(row));
    return { rows, next: rows.length < found.length ? (rows.at(-1)?.id ?? null) : null };
  }

  message(id: number): MailMessage | null {
    const row = this.log.find((one) => one.id === id);
    if (row === undefined) return null;
    const recipients = this.log.filter((one) => one.message === row.message).reverse();
    const kept = this.queue.find((one) => one.queue_id === row.queue_id) ?? null;
    const trace = traceOf(row, kept);
    return { row: this.marked(row), recipients: recipients.map((one) => this.marked(one)), queued: kept, trace };
  }

  private marked(row: MailLogRow): MailLogRow {
    return { ...row, held: this.queue.some((one) => one.queue_id === row.queue_id && one.held) };
  }

  counts(period: PeriodArgs): MailCounts {
    const messages = (rows: MailLogRow[]): number => new Set(rows.map((row) => row.message)).size;
    const rows = this.log.filter((row) => fits(row, period));
    return { all: messages(rows), waiting: this.queue.length, problems: messages(rows.filter(problem)) };
  }

  report(period: PeriodArgs): MailReport {
    const rows = this.log.filter((row) => fits(row, period));
    const until = Math.min(period.until_ms ?? this.told.now, this.told.now);
    const from = period.from_ms ?? rows.at(-1)?.at_ms ?? until;
    const byDay = until - from > 2 * data.DAY;
    const reasons = new Map<string, ReasonCount>();
    for (const { reason, outcome } of rows) {
      if (outcome === "delivered" || outcome === "waiting") continue;
      const known = reasons.get(reason) ?? { reason, outcome, count: 0 };
      reasons.set(reason, { ...known, count: known.count + 1 });
    }
    const done = rows.filter((row) => row.outcome === "delivered");
    return {
      width: byDay ? "day" : "hour",
      bars: this.log.length === 0 ? [] : bars(rows, from, until, byDay ? data.DAY : data.HOUR),
      reasons: [...reasons.values()].sort((a, b) => b.count - a.count),
      times: TIMES.map((within_ms, place) => ({
        within_ms,
        count: [done.length - 9, 6, 2, 0, 1, 0, 0].map((n) => Math.max(0, n))[place] ?? 0,
      })),
    };
  }

  retention(): LogRetention {
    return { ...this.kept, rows: this.log.length, bytes: this.log.length * 900 };
  }

  export(args: ExportMailLogArgs): { text: string; rows: number; next: number | null } {
    const { rows, next } = this.list({ ...args, limit: 100 });
    const head = args.before === undefined ? "time,result,sender,recipient\r\n" : "";
    const line = (row: MailLogRow): string =>
      `${new Date(row.at_ms).toISOString()},${row.outcome},${row.sender},${row.recipient}\r\n`;
    return { text: head + rows.map(line).join(""), rows: rows.length, next };
  }

  /** Holds or lets go. */
  private hold(ids: readonly string[], held: boolean): unknown {
    const hit = this.queue.filter((row) => ids.includes(row.queue_id) && row.held !== held).map((row) => row.queue_id);
    this.queue = this.queue.map((row) => (hit.includes(row.queue_id) ? { ...row, held } : row));
    return { queue_ids: hit, unchanged: ids.filter((id) => !hit.includes(id)) };
  }

  /** The mail server takes it now. */
  private flush(id: string | undefined): unknown {
    const ids = this.queue.filter((row) => id === undefined || row.queue_id === id).map((row) => row.queue_id);
    this.settle(ids, { outcome: "delivered", reason: "delivered", destination_reply: "250 2.6.0 Queued for delivery" });
    return { recipients: ids.length };
  }

  private settle(ids: readonly string[], change: Partial<MailLogRow>): void {
    const gone = new Set(ids);
    this.queue = this.queue.filter((row) => !gone.has(row.queue_id));
    const done = change.outcome === "delivered";
    this.log = this.log.map((row) => {
      if (row.queue_id === null || !gone.has(row.queue_id)) return row;
      return { ...row, ...change, recipients_delivered: row.recipients_delivered + (done ? 1 : 0) };
    });
  }
}

/** The rows by part of the period, from where its first hour or day begins. */
function bars(rows: readonly MailLogRow[], from: number, until: number, width: number): MailBar[] {
  const zone = new Date(from).getTimezoneOffset() * data.MINUTE;
  const found: MailBar[] = [];
  for (let start_ms = from; start_ms < until; start_ms = found.at(-1)?.end_ms ?? until) {
    const next = start_ms - ((start_ms - zone) % width) + width;
    const end_ms = Math.min(next, until);
    const counted = { delivered: 0, waiting: 0, deferred: 0, refused: 0, failed: 0 };
    for (const row of rows) if (row.at_ms >= start_ms && row.at_ms < end_ms) counted[row.outcome] += 1;
    found.push({ start_ms, end_ms, ...counted });
  }
  return found;
}

function problem(row: MailLogRow): boolean {
  return row.outcome === "failed" || row.reason === "changed_its_mind" || row.reason === "server_unreachable";
}

function fits(row: MailLogRow, args: Omit<MailLogArgs, "limit">): boolean {
  const { before = Infinity, from_ms = -Infinity, until_ms = Infinity, search = "", reason } = args;
  if (row.id >= before || row.at_ms < from_ms || row.at_ms >= until_ms) return false;
  if (reason !== undefined && row.reason !== reason) return false;
  const sought = `${row.sender} ${row.recipient} ${row.subject ?? ""} ${row.queue_id ?? ""}`;
  return isOf(row, args.outcome) && sought.toLowerCase().includes(search.toLowerCase());
}

/** What is refused on our own account is delivered instead, and says so. */
function letThrough(row: MailLogRow): MailLogRow {
  if (row.reason !== "marked_invalid") return row;
  return {
    ...row,
    outcome: "delivered",
    reason: "delivered",
    would_refuse: row.reason,
    subject: "Winter offers",
    size_bytes: 31_200,
    reply: "250 2.0.0 Delivered",
    destination_reply: "250 2.6.0 Queued for delivery",
    recipients_delivered: 1,
  };
}

function isOf(row: MailLogRow, outcome: MailLogArgs["outcome"]): boolean {
  if (outcome === "would_refuse") return row.would_refuse !== null;
  if (outcome === "problem") return problem(row);
  return outcome === undefined || row.outcome === outcome;
}
