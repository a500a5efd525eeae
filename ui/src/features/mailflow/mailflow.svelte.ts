import { untrack } from "svelte";
import { faultOf } from "../../lib/api/contract";
import type { MailLogRow } from "../../lib/api/types";
import type { Stop } from "../../lib/host/host";
import type { Bus } from "../../lib/live/bus.svelte";
import type { Resource } from "../../lib/live/live.svelte";
import type { RowSource } from "../../lib/live/rows";

const PAGE = 100;
const AHEAD = 40;
const GAP_MS = 150;

/**
 * The mail log, newest first, read on towards the past as it is scrolled. New rows slide in while the list is at its
 * top; otherwise they wait behind the "12 new" pill, so that nothing moves under the pointer.
 */
export class MailRows implements RowSource<MailLogRow> {
  rows = $state.raw<readonly MailLogRow[]>([]);
  condition = $state.raw<Resource<number>>({ is: "loading" });
  /** New rows that have not been let in yet. */
  fresh = $state.raw<readonly MailLogRow[]>([]);
  /** True when there is nothing older. */
  complete = $state(false);
  /** True while the list is scrolled to its top. */
  atTop = true;

  private generation = 0;
  private readingOlder = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private counted = false;
  private asked = "";

  constructor(
    private readonly bus: Bus,
    private readonly search: () => string,
  ) {}

  get total(): number {
    return this.rows.length;
  }

  at(index: number): MailLogRow | undefined {
    return this.rows[index];
  }

  keyOf(row: MailLogRow): string {
    return String(row.id);
  }

  indexOf(key: string | null): number {
    return key === null ? -1 : this.rows.findIndex((row) => String(row.id) === key);
  }

  async range(first: number, last: number): Promise<MailLogRow[]> {
    return this.rows.slice(first, last + 1);
  }

  async ready(): Promise<void> {
    // Every row that can be reached has been read.
  }

  show(_first: number, last: number): void {
    if (last >= this.rows.length - AHEAD && this.rows.length > 0 && !this.complete) void this.readOlder();
  }

  start(): Stop {
    const search = this.search();
    untrack(() => this.begin(search));
    const stop = this.bus.onStale((stale) => {
      if (stale.includes("mail")) this.soon();
    });
    return () => {
      stop();
      this.count(false);
      if (this.timer !== null) clearTimeout(this.timer);
      this.timer = null;
      this.generation += 1;
    };
  }

  /** Lets the new rows in. */
  letIn(): void {
    this.rows = merged(this.fresh, this.rows);
    this.fresh = [];
  }

  async refresh(): Promise<void> {
    const mine = (this.generation += 1);
    try {
      const newest = await this.ask();
      if (mine === this.generation) this.take(newest);
    } catch (thrown) {
      if (mine === this.generation) {
        this.condition = { is: "failed", fault: faultOf(thrown), last: this.total > 0 ? this.total : null };
      }
    }
    if (mine === this.generation) this.count(false);
  }

  private begin(search: string): void {
    if (search !== this.asked) {
      this.rows = [];
      this.fresh = [];
      this.complete = false;
      this.atTop = true;
      this.condition = { is: "loading" };
    }
    this.asked = search;
    this.count(this.condition.is === "loading");
    void this.refresh();
  }

  private take(newest: readonly MailLogRow[]): void {
    const first = this.rows[0]?.id ?? 0;
    const overlaps = newest.some((row) => row.id <= first);
    if (this.rows.length === 0 || !overlaps) this.complete = newest.length < PAGE;
    if (this.rows.length === 0) this.rows = newest;
    else if (this.atTop) this.rows = overlaps ? merged(newest, this.rows) : newest;
    else {
      this.rows = merged(
        newest.filter((row) => row.id <= first),
        this.rows,
      );
      this.fresh = merged(
        newest.filter((row) => row.id > first),
        this.fresh,
      );
    }
    this.condition = { is: "ready", value: this.total };
  }

  private async readOlder(): Promise<void> {
    const before = this.rows[this.rows.length - 1]?.id;
    if (this.readingOlder || before === undefined) return;
    this.readingOlder = true;
    const asked = this.asked;
    try {
      const older = await this.ask(before);
      if (asked === this.asked) {
        this.rows = merged(this.rows, older);
        this.complete = older.length < PAGE;
      }
    } catch {
      // The next scroll asks again; what is read stays.
    }
    this.readingOlder = false;
  }

  private async ask(before?: number): Promise<readonly MailLogRow[]> {
    const search = untrack(this.search);
    const answer = await this.bus.query("mail_log", {
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
      ...(search === "" ? {} : { search }),
    });
    return answer.rows;
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.refresh();
    }, GAP_MS);
  }

  private count(loading: boolean): void {
    if (loading === this.counted) return;
    this.counted = loading;
    this.bus.loading += loading ? 1 : -1;
  }
}

/** Both lists by number, newest first; where both have a row, the first list's is kept. */
export function merged(newer: readonly MailLogRow[], older: readonly MailLogRow[]): readonly MailLogRow[] {
  const known = new Set(newer.map((row) => row.id));
  return [...newer, ...older.filter((row) => !known.has(row.id))].sort((a, b) => b.id - a.id);
}
