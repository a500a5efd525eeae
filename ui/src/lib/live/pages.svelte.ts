import { untrack } from "svelte";
import { faultOf } from "../api/contract";
import type { Fault, Tag } from "../api/types";
import type { Stop } from "../host/host";
import type { Bus } from "./bus.svelte";
import type { Resource } from "./live.svelte";
import type { RowSource } from "./rows";

/** One page of a longer list. */
export interface Page<Row> {
  rows: Row[];
  total: number;
  /** More were found than `total`, and are on no page. */
  is_more?: boolean;
}

const PAGE = 100;
const BIG_PAGE = 1000;
const GAP_MS = 150;

/**
 * A list of any length, read page by page as it is scrolled. After a change it asks the pages in view again and keeps
 * showing the old rows until the answer is there; pages out of view are forgotten.
 */
export class Pages<Row> implements RowSource<Row> {
  /** Rows by position; a hole has not been read yet. */
  slots = $state.raw<readonly (Row | undefined)[]>([]);
  condition = $state.raw<Resource<number>>({ is: "loading" });
  isMore = $state(false);

  private readonly inFlight = new Map<number, number>();
  private generation = 0;
  private view = { first: 0, last: PAGE - 1 };
  private timer: ReturnType<typeof setTimeout> | null = null;
  private question = "";
  private counted = false;

  /** `question` names what is asked; a change of it starts over. */
  constructor(
    private readonly bus: Bus,
    private readonly tags: readonly Tag[],
    private readonly key: (row: Row) => string,
    private readonly ask: (limit: number, offset: number) => Promise<Page<Row>>,
    private readonly questionNow: () => string,
  ) {}

  get total(): number {
    return this.slots.length;
  }

  at(index: number): Row | undefined {
    return this.slots[index];
  }

  keyOf(row: Row): string {
    return this.key(row);
  }

  /** Position of a row among those read, or -1. */
  indexOf(key: string | null): number {
    return key === null ? -1 : this.slots.findIndex((row) => row !== undefined && this.key(row) === key);
  }

  start(): Stop {
    const question = this.questionNow();
    untrack(() => this.begin(question));
    const stop = this.bus.onStale((stale) => {
      if (stale.some((tag) => this.tags.includes(tag))) this.soon();
    });
    return () => {
      stop();
      this.count(false);
      if (this.timer !== null) clearTimeout(this.timer);
      this.timer = null;
      this.generation += 1;
    };
  }

  /** The rows in view; reads what is missing. */
  show(first: number, last: number): void {
    this.view = { first, last };
    for (const page of this.pagesInView()) {
      const missing = this.slots.slice(page * PAGE, (page + 1) * PAGE).some((row) => row === undefined);
      if (missing && this.inFlight.get(page) !== this.generation) void this.read(page);
    }
  }

  async ready(index: number): Promise<void> {
    if (this.at(index) === undefined) await this.read(Math.floor(index / PAGE));
  }

  /** Asks the rows in view again. */
  async refresh(): Promise<void> {
    this.generation += 1;
    if (this.condition.is === "ready") this.condition = { is: "stale", value: this.total };
    await Promise.all(this.pagesInView().map((page) => this.read(page, true)));
  }

  /** All rows from `first` to `last`, read when needed. */
  async range(first: number, last: number): Promise<Row[]> {
    const known = this.slots.slice(first, last + 1);
    if (known.every((row) => row !== undefined)) return known as Row[];
    const rows: Row[] = [];
    for (let offset = first; offset <= last; offset += BIG_PAGE) {
      const page = await this.ask(Math.min(BIG_PAGE, last + 1 - offset), offset);
      rows.push(...page.rows);
      if (page.rows.length === 0) break;
    }
    return rows;
  }

  private begin(question: string): void {
    const other = question !== this.question;
    this.question = question;
    this.generation += 1;
    if (other) this.view = { first: 0, last: PAGE - 1 };
    if (other && this.total === 0) this.condition = { is: "loading" };
    this.count(this.condition.is === "loading");
    void Promise.all(this.pagesInView().map((page) => this.read(page, true)));
  }

  private pagesInView(): number[] {
    const first = Math.max(0, Math.floor(this.view.first / PAGE));
    const last = Math.max(first, Math.floor(Math.min(this.view.last, Math.max(0, this.total - 1)) / PAGE));
    return Array.from({ length: last - first + 1 }, (_, step) => first + step);
  }

  private async read(page: number, startOver = false): Promise<void> {
    const mine = this.generation;
    this.inFlight.set(page, mine);
    try {
      const answer = await this.ask(PAGE, page * PAGE);
      if (mine === this.generation) this.place(page, answer, startOver);
    } catch (thrown) {
      if (mine === this.generation) this.fail(faultOf(thrown));
    }
    if (mine === this.generation) this.count(false);
    if (this.inFlight.get(page) === mine) this.inFlight.delete(page);
  }

  private place(page: number, answer: Page<Row>, startOver: boolean): void {
    const slots = new Array<Row | undefined>(answer.total).fill(undefined);
    const keep = startOver ? this.pagesInView().filter((kept) => kept !== page) : this.readPages(page);
    for (const kept of keep) this.copy(slots, kept);
    answer.rows.forEach((row, step) => (slots[page * PAGE + step] = row));
    this.slots = slots;
    this.isMore = answer.is_more === true;
    this.condition = { is: "ready", value: answer.total };
  }

  private readPages(except: number): number[] {
    return Array.from({ length: Math.ceil(this.total / PAGE) }, (_, page) => page).filter((page) => page !== except);
  }

  private copy(into: (Row | undefined)[], page: number): void {
    for (let index = page * PAGE; index < Math.min((page + 1) * PAGE, into.length); index += 1) {
      into[index] = this.slots[index];
    }
  }

  private fail(fault: Fault): void {
    this.condition = { is: "failed", fault, last: this.total > 0 ? this.total : null };
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
