import type { Resource } from "./live.svelte";

/** Rows by position, however they are read. What a list and its cursor need. */
export interface RowSource<Row> {
  readonly total: number;
  /** More were found than `total`, and are not listed. */
  readonly isMore?: boolean;
  readonly condition: Resource<number>;
  /** The row at a position; undefined where it has not been read. */
  at(index: number): Row | undefined;
  keyOf(row: Row): string;
  /** Position of a row among those read, or -1. */
  indexOf(key: string | null): number;
  /** Tells which rows are in view, so that missing ones are read. */
  show(first: number, last: number): void;
  /** Resolves once the row at a position has been read, if there is one. */
  ready(index: number): Promise<void>;
  /** All rows between two positions, read when needed. */
  range(first: number, last: number): Promise<Row[]>;
}
