import type { InboxRow } from "../../lib/api/types";
import { isSection } from "../../lib/session/route.svelte";
import type { Session } from "../../lib/session/session.svelte";

/** What the inbox can do. No markup. The list itself is the session's: the sidebar counts it too. */
export class InboxActions {
  constructor(private readonly session: Session) {}

  /** Presses a button of a notification: the engine does the whole job, and Undo takes it back. */
  async press(row: InboxRow, action: string): Promise<void> {
    const answer = await this.session.attempt("inbox", () =>
      this.session.bus.command("inbox_act", { id: row.id, action }),
    );
    if (answer === null) return;
    for (const entry of answer.entries) this.session.remember(entry);
    if (answer.entries.length > 0) this.session.offerUndo(answer.said, answer.entries);
    else this.session.toast.say(answer.said);
  }

  /** Opens what it is about: the exact row where there is one (D25). */
  open(row: InboxRow): void {
    const { section, filter, address } = row.view;
    const place = section.replaceAll("_", "-");
    if (isSection(place)) {
      const list = place === "discovered" && filter === "discovered" ? null : filter;
      this.session.router.go(place, { filter: list, address });
    }
  }

  /** These were looked at. A failure is no loss: they stay unread. */
  async read(rows: readonly InboxRow[]): Promise<void> {
    const ids = rows.filter((row) => row.state === "unread").map((row) => row.id);
    if (ids.length === 0) return;
    try {
      await this.session.bus.command("inbox_read", { ids });
    } catch {
      // Said where the engine cannot be reached: in the banner.
    }
  }
}
