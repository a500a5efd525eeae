// Messages of the stand-in that not everything went well with, what waits of them, and their traces.
import type { MailLogRow, QueueRow, TraceRow } from "../../api/types";
import * as data from "./data";

const SERVER = "mail.fabrikam.example:25";
const BUSY = "451 4.3.2 Busy at the moment, try again later";
const SHARED = "0K3ZQ7M4SHAR";
const DAYS_KEPT = 5;

const kept = {
  outcome: "waiting" as const,
  reason: "known_account",
  size_bytes: 24_100,
  reply: "250 2.0.0 Stored here; it goes out when the mail server answers",
  destination_reply: BUSY,
  recipients_delivered: 0,
};

/** A few messages that not everything went well with. */
export function changed(row: MailLogRow): MailLogRow {
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

export function queued(row: MailLogRow): QueueRow {
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

export function traceOf(row: MailLogRow, waits: QueueRow | null): TraceRow[] {
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
