import type { MailLogRow, TraceRow } from "../../lib/api/types";
import { machine } from "../../lib/format/time";

/** One message as plain text, for a mail to support. */
export function traceOf(row: MailLogRow, trace: readonly TraceRow[] = []): string {
  const lines = [
    `${machine(row.at_ms)} ${row.outcome} (${row.reason}) in ${row.duration_ms} ms`,
    `from <${row.sender}> to <${row.recipient}>`,
    `client ${row.client_name} [${row.client_ip}]`,
    `our reply: ${row.reply}`,
  ];
  if (row.destination !== null) lines.push(`destination ${row.destination}`);
  if (row.destination_reply !== null) lines.push(`its reply: ${row.destination_reply}`);
  if (row.message !== null) lines.push(`id ${row.message}`);
  if (row.message_id !== null) lines.push(`message id <${row.message_id}>`);
  if (row.queue_id !== null) lines.push(`queue id ${row.queue_id}`);
  if (row.tls !== null) lines.push(`encrypted ${row.tls}`);
  for (const { at_ms, step, said } of trace) lines.push(`${machine(at_ms)} ${step}${said === null ? "" : `: ${said}`}`);
  return lines.join("\n");
}
