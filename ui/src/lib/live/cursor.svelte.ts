import { SvelteMap } from "svelte/reactivity";
import type { RowSource } from "./rows";

/** The row the panel shows, and the rows ticked for a common action (design 6.1). */
export class Cursor<Row> {
  /** Key of the row the panel shows. */
  current = $state<string | null>(null);
  /** Ticked rows by key. They outlive sorting and paging. */
  readonly checked = new SvelteMap<string, Row>();
  /** Counts up when the list should take the keyboard focus. */
  focusWanted = $state(0);

  private anchor = 0;

  constructor(
    readonly rows: RowSource<Row>,
    readonly many: boolean,
  ) {}

  get index(): number {
    return this.rows.indexOf(this.current);
  }

  get currentRow(): Row | undefined {
    return this.rows.at(this.index);
  }

  /** What an action is about: the ticked rows, else the current one. */
  get subjects(): Row[] {
    if (this.checked.size > 0) return [...this.checked.values()];
    return this.currentRow === undefined ? [] : [this.currentRow];
  }

  select(index: number): void {
    const row = this.rows.at(index);
    if (row === undefined) return;
    this.current = this.rows.keyOf(row);
    this.anchor = index;
  }

  toggle(index: number): void {
    const row = this.rows.at(index);
    if (row === undefined || !this.many) return;
    const key = this.rows.keyOf(row);
    if (this.checked.has(key)) this.checked.delete(key);
    else this.checked.set(key, row);
    this.current = key;
    this.anchor = index;
  }

  /** Ticks everything from the last row touched to this one. */
  async extend(index: number): Promise<void> {
    if (!this.many) return this.select(index);
    const from = Math.min(this.anchor, index);
    const rows = await this.rows.range(from, Math.max(this.anchor, index));
    this.checked.clear();
    for (const row of rows) this.checked.set(this.rows.keyOf(row), row);
    const end = this.rows.at(index);
    if (end !== undefined) this.current = this.rows.keyOf(end);
  }

  /** Ticks every row of the filtered list, read or not. */
  async all(): Promise<void> {
    if (!this.many || this.rows.total === 0) return;
    const rows = await this.rows.range(0, this.rows.total - 1);
    for (const row of rows) this.checked.set(this.rows.keyOf(row), row);
  }

  /** Escape: first the ticks, then the panel. Answers false when there was nothing to close. */
  escape(): boolean {
    if (this.checked.size > 0) this.checked.clear();
    else if (this.current !== null) this.current = null;
    else return false;
    return true;
  }

  /** Steps to the first row after the current one that is not leaving, else the last before it. */
  moveOn(leaving: ReadonlySet<string>): void {
    const start = Math.max(0, this.index);
    const stays = (index: number): boolean => {
      const row = this.rows.at(index);
      return row !== undefined && !leaving.has(this.rows.keyOf(row));
    };
    let next = start;
    while (next < this.rows.total && !stays(next)) next += 1;
    if (next >= this.rows.total) {
      next = start;
      while (next >= 0 && !stays(next)) next -= 1;
    }
    const row = this.rows.at(next);
    this.current = row === undefined ? null : this.rows.keyOf(row);
    this.anchor = Math.max(0, next);
    for (const key of leaving) this.checked.delete(key);
    this.focusWanted += 1;
  }
}
