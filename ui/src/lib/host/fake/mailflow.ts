import type {
  ExportMailLogArgs,
  LogRetention,
  MailCounts,
  MailLog,
  MailLogArgs,
  MailLogRow,
  MailMessage,
  QueueRow,
  SetLogRetentionArgs,
  TraceRow,
} from "../../api/types";
import * as data from "./data";

const SERVER = "mail.fabrikam.example:25";
const BUSY = "451 4.3.2 Busy at the moment, try again later";
const SHARED = "0K3ZQ7M4SHAR";
const DAYS_KEPT = 5;

/** The mail log, the queue and what a person does to it. */
export class FakeFlow {
  log: MailLogRow[] = [];
  private queue: QueueRow[] = [];
  private kept = { days: 90, megabytes: 1000 };

  fill(): void {
    const log = data.mailLog().map(changed);
    this.queue = log.filter((row) => row.queue_id !== null).map(queued);
    this.log = log;
  }

  list(args: MailLogArgs): MailLog {
    const found = this.log.filter((row) => fits(row, args));
    const rows = found.slice(0, args.limit ?? 100);
    return { rows, next: rows.length < found.length ? (rows.at(-1)?.id ?? null) : null };
  }

  message(id: number): MailMessage | null {
    const row = this.log.find((one) => one.id === id);
    if (row === undefined) return null;
    const recipients = this.log.filter((one) => one.message === row.message).reverse();
    const kept = this.queue.find((one) => one.queue_id === row.queue_id) ?? null;
    return { row, recipients, queued: kept, trace: traceOf(row, kept) };
  }

  counts(from: number): MailCounts {
    const messages = (rows: MailLogRow[]): number => new Set(rows.map((row) => row.message)).size;
    return {
      all: messages(this.log.filter((row) => row.at_ms >= from)),
      waiting: this.queue.length,
      problems: messages(this.log.filter((row) => row.at_ms >= from && problem(row))),
    };
  }

  retention(): LogRetention {
    return { ...this.kept, rows: this.log.length, bytes: this.log.length * 900 };
  }

  keep({ days, megabytes }: SetLogRetentionArgs): LogRetention {
    this.kept = { days, megabytes };
    return this.retention();
  }

  export(args: ExportMailLogArgs): { text: string; rows: number; next: number | null } {
    const { rows, next } = this.list({ ...args, limit: 100 });
    const head = args.before === undefined ? "time,result,sender,recipient\r\n" : "";
    const line = (row: MailLogRow): string =>
      `${new Date(row.at_ms).toISOString()},${row.outcome},${row.sender},${row.recipient}\r\n`;
    return { text: head + rows.map(line).join(""), rows: rows.length, next };
  }

  /** Holds or lets go. */
  hold(ids: readonly string[], held: boolean): unknown {
    const hit = this.queue.filter((row) => ids.includes(row.queue_id) && row.held !== held).map((row) => row.queue_id);
    this.queue = this.queue.map((row) => (hit.includes(row.queue_id) ? { ...row, held } : row));
    return { queue_ids: hit, unchanged: ids.filter((id) => !hit.includes(id)) };
  }

  /** The mail server takes it now. */
  flush(id: string | undefined): unknown {
    const ids = this.queue.filter((row) => id === undefined || row.queue_id === id).map((row) => row.queue_id);
    this.settle(ids, { outcome: "delivered", reason: "delivered", destination_reply: "250 2.6.0 Queued for delivery" });
    return { recipients: ids.length };
  }

  stop(ids: readonly string[]): unknown {
    this.settle(ids, { outcome: "failed", reason: "deleted_by_operator" });
    return { queue_ids: ids, unchanged: [] };
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

function problem(row: MailLogRow): boolean {
  return row.outcome === "failed" || row.reason === "changed_its_mind" || row.reason === "server_unreachable";
}

function fits(row: MailLogRow, args: Omit<MailLogArgs, "limit">): boolean {
  const { outcome, before, from_ms, search } = args;
  if (before !== undefined && row.id >= before) return false;
  if (from_ms !== undefined && row.at_ms < from_ms) return false;
  if (outcome === "problem" ? !problem(row) : outcome !== undefined && row.outcome !== outcome) return false;
  const text = search?.toLowerCase() ?? "";
  return `${row.sender} ${row.recipient} ${row.subject ?? ""} ${row.queue_id ?? ""}`.toLowerCase().includes(text);
}

const kept = {
  outcome: "waiting" as const,
  reason: "known_account",
  size_bytes: 24_100,
  reply: "250 2.0.0 Stored here; it goes out when the mail server answers",
  destination_reply: BUSY,
  recipients_delivered: 0,
};

/** A few messages that not everything went well with. */
function changed(row: MailLogRow): MailLogRow {
  switch (row.id) {
    case 239:
      return { ...row, ...kept, queue_id: "QX7F2", subject: "Re: Delivery slots" };
    case 233:
    case 232:
      return { ...row, message: SHARED, subject: "Minutes, Tuesday", recipients: 3, recipients_delivered: 2 };
    case 231:
      return {
        ...row,
        ...kept,
        message: SHARED,
        subject: "Minutes, Tuesday",
        queue_id: "QX7D9",
        recipients: 3,
        recipients_delivered: 2,
      };
    case 228:
      return {
        ...row,
        ...kept,
        outcome: "failed",
        reason: "changed_its_mind",
        subject: "Offer 2231",
        destination_reply: "550 5.2.2 Mailbox full",
      };
    default:
      return row;
  }
}

function queued(row: MailLogRow): QueueRow {
  return {
    queue_id: row.queue_id ?? "",
    direction: row.direction,
    sender: row.sender,
    subject: row.subject,
    size_bytes: row.size_bytes ?? 0,
    client_ip: row.client_ip,
    arrived_ms: row.at_ms,
    expires_ms: row.at_ms + DAYS_KEPT * data.DAY,
    held: false,
    recipients: [
      {
        address: row.recipient,
        state: "queued",
        due_ms: data.NOW + 8 * data.MINUTE,
        attempts: 2,
        last_reply: BUSY,
        next_hop: SERVER,
        no_next_hop: null,
      },
    ],
  };
}

function traceOf(row: MailLogRow, waits: QueueRow | null): TraceRow[] {
  const began = row.at_ms - row.duration_ms;
  const step = (after_ms: number, who: TraceRow["who"], name: string, said: string | null): TraceRow => ({
    at_ms: began + after_ms,
    after_ms,
    who,
    step: name,
    said,
  });
  const trace = [step(0, "client", "came", `${row.client_name} [${row.client_ip}]`)];
  const read = row.size_bytes !== null;
  if (row.destination_reply !== null)
    trace.push(step(2, "server", "server_rcpt", read ? "250 2.1.5 Recipient OK" : row.destination_reply));
  if (read) {
    trace.push(step(3, "us", "our_rcpt", "250 2.1.5 Recipient accepted"));
    trace.push(step(row.duration_ms - 9, "client", "content", null));
    trace.push(step(row.duration_ms - 1, "server", "server_content", row.destination_reply));
  }
  trace.push(step(row.duration_ms, "us", "our_reply", row.reply));
  if (row.queue_id !== null) trace.push(step(15 * data.MINUTE, "server", "attempt", BUSY));
  if (row.outcome === "failed") trace.push(step(15 * data.MINUTE + 40, "us", "no_report", "unproved"));
  if (waits?.held === true) trace.push(step(16 * data.MINUTE, "operator", "operator", "held"));
  return trace;
}
