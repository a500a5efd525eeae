import { faultOf } from "../../lib/api/contract";
import type { ExportMailLogArgs, MailLogArgs } from "../../lib/api/types";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

const w = words.mailflow;
const FILE = "rollcall-mail-log.csv";

/** What a person can do about a message in the queue. Each says what came of it. */
export async function tryNow(session: Session, queue_id: string): Promise<void> {
  const done = await session.attempt("queue", () => session.bus.command("flush_queue", { queue_id }));
  if (done === null) return;
  if (done.recipients > 0) session.toast.say(w.trying);
  else session.toast.say(w.notTried, null, "note");
}

type OnQueue = "hold_message" | "release_message" | "delete_message";
const DONE: Record<OnQueue, string> = {
  hold_message: w.held,
  release_message: w.released,
  delete_message: w.stopped,
};

export async function onQueue(session: Session, what: OnQueue, queue_id: string): Promise<void> {
  const done = await session.attempt("queue", () => session.bus.command(what, { queue_ids: [queue_id] }));
  if (done === null) return;
  if (done.queue_ids.length > 0) session.toast.say(DONE[what]);
  else session.toast.say(w.untouched, null, "note");
}

/** Reads every page of what the list shows and gives it to the person as a file. */
export async function exportCsv(session: Session, { limit: _, ...wanted }: MailLogArgs): Promise<void> {
  session.toast.say(w.exporting, null, "note");
  try {
    const pages: string[] = [];
    let rows = 0;
    let before: number | null | undefined;
    do {
      const args: ExportMailLogArgs = { ...wanted, format: "csv", ...(before == null ? {} : { before }) };
      const page = await session.bus.query("export_mail_log", args);
      pages.push(page.text);
      rows += page.rows;
      before = page.next;
    } while (before !== null);
    save(pages);
    session.toast.say(w.exported(rows));
  } catch (thrown) {
    session.toast.refuse(faultOf(thrown));
  }
}

function save(pages: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([...pages], { type: "text/csv;charset=utf-8" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: FILE });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
