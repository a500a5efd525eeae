import { untrack } from "svelte";
import { faultOf } from "../../lib/api/contract";
import type { MailLogArgs, MailLogRow } from "../../lib/api/types";
import type { Stop } from "../../lib/host/host";
import type { Bus } from "../../lib/live/bus.svelte";
import type { Resource } from "../../lib/live/live.svelte";
import type { RowSource } from "../../lib/live/rows";
import { rangeOf, type Period } from "./period";

const PAGE = 100;
const AHEAD = 40;
const GAP_MS = 150;

export const TABS = ["all", "waiting", "problems", "would_refuse"] as const;
export type Tab = (typeof TABS)[number];

/** Which messages the list shows. */
export interface Wanted {
  tab: Tab;
  period: Period;
  search: string;
  /** A reason code; empty for any. */
  reason: string;
}

const OUTCOMES = { waiting: "waiting", problems: "problem", would_refuse: "would_refuse" } as const;

/** Shown however old it is: what waits, and what shadow mode let through. */
export const timeless = (tab: Tab): boolean => tab === "waiting" || tab === "would_refuse";

/** The same as the engine is asked for it. */
export function argsOf({ tab, period, search, reason }: Wanted, now: number): MailLogArgs {
  return {
    ...(tab === "all" ? {} : { outcome: OUTCOMES[tab] }),
    ...(timeless(tab) ? {} : rangeOf(period, now)),
    ...(search === "" ? {} : { search }),
    ...(reason === "" ? {} : { reason }),
  };
}

/**
 * The mail log, newest first, read on towards the past as it is scrolled. New rows slide in while the list is at its
 * top; otherwise they wait behind the "12 new" pill, so that nothing moves under the pointer. While it is paused every
 * row stays as it was. A message to several people is one row.
 */
export class MailRows implements RowSource<MailLogRow> {
  /** As read: a row a recipient. */
  rows = $state.raw<readonly MailLogRow[]>([]);
  /** As shown: a row a message. */
  readonly messages: readonly MailLogRow[] = $derived(perMessage(this.rows));
  condition = $state.raw<Resource<number>>({ is: "loading" });
  /** New rows that have not been let in yet. */
  fresh = $state.raw<readonly MailLogRow[]>([]);
  /** True when there is nothing older. */
  complete = $state(false);
  /** True while a person wants nothing to change. */
  paused = $state(false);
  /** True while the list is scrolled to its top. */
  atTop = true;

  private generation = 0;
  private readingOlder = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private counted = false;
  private asked = "";
  /** Where older rows begin; null when everything was looked through. */
  private next: number | null = null;
  /** More came than was read: the new rows don't reach down to the known ones. */
  private gap = false;

  constructor(
    private readonly bus: Bus,
    private readonly wanted: () => Wanted,
    private readonly now: () => number,
  ) {}

  get total(): number {
    return this.messages.length;
  }

  at(index: number): MailLogRow | undefined {
    return this.messages[index];
  }

  keyOf(row: MailLogRow): string {
    return String(row.id);
  }

  indexOf(key: string | null): number {
    return key === null ? -1 : this.messages.findIndex((row) => String(row.id) === key);
  }

  async range(first: number, last: number): Promise<MailLogRow[]> {
    return this.messages.slice(first, last + 1);
  }

  async ready(): Promise<void> {
    // Every row that can be reached has been read.
  }

  show(_first: number, last: number): void {
    if (last >= this.total - AHEAD && !this.complete) void this.readOlder();
  }

  start(): Stop {
    const wanted = JSON.stringify(this.wanted());
    untrack(() => this.begin(wanted));
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

  /** Lets the new rows in; where they don't reach the known ones, everything is read anew. */
  letIn(): void {
    this.rows = this.gap ? [] : merged(this.fresh, this.rows);
    this.fresh = [];
    if (this.gap) void this.refresh();
    this.gap = false;
  }

  /** Keeps every row as it is, or goes on with what came meanwhile. */
  pause(paused: boolean): void {
    this.paused = paused;
    if (paused) return;
    this.letIn();
    this.atTop = true;
    void this.refresh();
  }

  async refresh(): Promise<void> {
    const mine = (this.generation += 1);
    try {
      const newest = await this.ask();
      if (mine === this.generation) this.take(newest.rows, newest.next);
      if (mine === this.generation && this.total < AHEAD) void this.readOlder();
    } catch (thrown) {
      if (mine === this.generation) {
        this.condition = { is: "failed", fault: faultOf(thrown), last: this.total > 0 ? this.total : null };
      }
    }
    if (mine === this.generation) this.count(false);
  }

  private begin(wanted: string): void {
    if (wanted !== this.asked) {
      this.rows = [];
      this.fresh = [];
      this.complete = false;
      this.gap = false;
      this.atTop = true;
      this.condition = { is: "loading" };
    }
    this.asked = wanted;
    this.count(this.condition.is === "loading");
    void this.refresh();
  }

  /** `next` is the number down to which the log was looked through: what is known above it and not in it, has gone. */
  private take(newest: readonly MailLogRow[], next: number | null): void {
    const first = this.rows[0]?.id ?? 0;
    const overlaps = next === null || next <= first;
    const older = overlaps && next !== null ? this.rows.filter((row) => row.id < next) : [];
    if (this.rows.length === 0 || (this.atTop && !this.paused)) {
      if (older.length === 0) this.goOnAt(next);
      this.rows = merged(newest, older);
      this.fresh = [];
      this.gap = false;
    } else {
      if (overlaps && !this.paused) this.rows = merged(newest, older).filter((row) => row.id <= first);
      this.holdBack(newest, next);
    }
    this.condition = { is: "ready", value: this.total };
  }

  /** Keeps what is newer than the list until it is let in. */
  private holdBack(newest: readonly MailLogRow[], next: number | null): void {
    const first = this.rows[0]?.id ?? 0;
    const known = this.fresh[0]?.id ?? first;
    this.gap ||= next !== null && next > known;
    const fresh = newest.filter((row) => row.id > first);
    this.fresh = merged(fresh, this.fresh);
  }

  private goOnAt(next: number | null): void {
    this.next = next;
    this.complete = next === null;
  }

  /** Reads on. A search may answer an empty page and still go on: then it is asked again until something shows. */
  private async readOlder(): Promise<void> {
    if (this.readingOlder || this.next === null) return;
    this.readingOlder = true;
    const asked = this.asked;
    try {
      let found = 0;
      while (this.next !== null && found < AHEAD && asked === this.asked) {
        const older = await this.ask(this.next);
        if (asked !== this.asked) break;
        this.rows = merged(this.rows, older.rows);
        found += older.rows.length;
        this.goOnAt(older.next);
      }
    } catch {
      // The next scroll asks again; what is read stays.
    }
    this.readingOlder = false;
  }

  private async ask(before?: number): Promise<{ rows: readonly MailLogRow[]; next: number | null }> {
    const args = untrack(() => argsOf(this.wanted(), this.now()));
    return this.bus.query("mail_log", { limit: PAGE, ...(before === undefined ? {} : { before }), ...args });
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

/** One row a message: the newest of its recipients, or the newest that does not have it. */
export function perMessage(rows: readonly MailLogRow[]): readonly MailLogRow[] {
  const places = new Map<string, number>();
  const messages: MailLogRow[] = [];
  for (const row of rows) {
    const place = row.message === null || row.recipients < 2 ? undefined : places.get(row.message);
    if (place === undefined) {
      if (row.message !== null) places.set(row.message, messages.length);
      messages.push(row);
    } else if (messages[place]?.outcome === "delivered" && row.outcome !== "delivered") messages[place] = row;
  }
  return messages;
}
