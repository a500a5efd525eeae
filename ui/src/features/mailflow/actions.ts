import type { MailLogArgs } from "../../lib/api/types";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

const w = words.mailflow;

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

/** Writes what the list shows to a file, all of it, and says where that is. */
export async function exportCsv(session: Session, { limit: _, ...wanted }: MailLogArgs): Promise<void> {
  session.toast.say(w.exporting, null, "note");
  const saved = await session.attempt("export", () => session.host.saveMailLog({ ...wanted, format: "csv" }));
  if (saved !== null) session.toast.say(w.exported(saved.rows, saved.path));
}
