import type { MailLogRow } from "../../lib/api/types";
import { machine } from "../../lib/format/time";

/** One message as plain text, for a mail to support. */
export function traceOf(row: MailLogRow): string {
  const lines = [
    `${machine(row.at_ms)} ${row.outcome} (${row.reason}) in ${row.duration_ms} ms`,
    `from <${row.sender}> to <${row.recipient}>`,
    `client ${row.client_name} [${row.client_ip}]`,
    `our reply: ${row.reply}`,
  ];
  if (row.destination !== null) lines.push(`destination ${row.destination}`);
  if (row.destination_reply !== null) lines.push(`its reply: ${row.destination_reply}`);
  if (row.queue_id !== null) lines.push(`queue id ${row.queue_id}`);
  return lines.join("\n");
}
