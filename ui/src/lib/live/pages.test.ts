import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Event } from "../api/types";
import type { Host } from "../host/host";
import { Bus } from "./bus.svelte";
import { Cursor } from "./cursor.svelte";
import { Pages } from "./pages.svelte";

type Row = { key: string };
const settle = () => vi.advanceTimersByTimeAsync(0);

function listOf(total: number) {
  let rows: Row[] = Array.from({ length: total }, (_, index) => ({ key: `row ${index}` }));
  const asked: [number, number][] = [];
  let tell: (event: Event) => void = () => undefined;
  const host = { subscribe: (callback: typeof tell) => ((tell = callback), () => undefined) } as unknown as Host;
  const bus = new Bus(host);
  bus.open();
  const ask = async (limit: number, offset: number) => {
    asked.push([limit, offset]);
    return { rows: rows.slice(offset, offset + limit), total: rows.length };
  };
  const pages = new Pages<Row>(
    bus,
    ["addresses"],
    (row) => row.key,
    ask,
    () => "",
  );
  pages.start();
  const remove = async (...keys: string[]) => {
    rows = rows.filter((row) => !keys.includes(row.key));
    tell({ revision: 2, stale: ["addresses"] } as Event);
    await vi.advanceTimersByTimeAsync(500);
  };
  return { pages, asked, remove };
}

describe("Pages", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("reads one page of a list of 10,000 and knows its length", async () => {
    const { pages, asked } = listOf(10_000);
    await settle();

    expect(asked).toEqual([[100, 0]]);
    expect(pages.total).toBe(10_000);
    expect(pages.at(99)).toEqual({ key: "row 99" });
    expect(pages.at(5000)).toBeUndefined();
  });

  it("reads the page that is scrolled to, once", async () => {
    const { pages, asked } = listOf(10_000);
    await settle();

    pages.show(5010, 5030);
    pages.show(5011, 5031);
    await settle();

    expect(asked).toEqual([
      [100, 0],
      [100, 5000],
    ]);
    expect(pages.at(5020)).toEqual({ key: "row 5020" });
  });

  it("keeps the old rows until the answer after a change is there", async () => {
    const { pages, remove } = listOf(3);
    await settle();

    const removed = remove("row 1");
    expect(pages.total).toBe(3);
    await removed;

    expect(pages.total).toBe(2);
    expect(pages.at(1)).toEqual({ key: "row 2" });
  });

  it("reads the whole list for Select all in few questions", async () => {
    const { pages, asked } = listOf(2500);
    await settle();

    expect(await pages.range(0, 2499)).toHaveLength(2500);
    expect(asked.slice(1).map(([limit]) => limit)).toEqual([1000, 1000, 500]);
  });

  it("an empty list is ready, not loading", async () => {
    const { pages } = listOf(0);
    await settle();

    expect(pages.condition).toEqual({ is: "ready", value: 0 });
  });
});

describe("Cursor", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  async function cursorOver(total: number) {
    const list = listOf(total);
    await settle();
    return { ...list, cursor: new Cursor(list.pages, true) };
  }

  it("moves to the next row after the current one left, so that U U U works", async () => {
    const { cursor, remove } = await cursorOver(4);
    cursor.select(1);

    cursor.moveOn(new Set(["row 1"]));
    await remove("row 1");

    expect(cursor.current).toBe("row 2");
    expect(cursor.index).toBe(1);
  });

  it("moves up when the last row left", async () => {
    const { cursor } = await cursorOver(3);
    cursor.select(2);

    cursor.moveOn(new Set(["row 2"]));

    expect(cursor.current).toBe("row 1");
  });

  it("has no row when all left", async () => {
    const { cursor } = await cursorOver(2);
    cursor.select(0);

    cursor.moveOn(new Set(["row 0", "row 1"]));

    expect(cursor.current).toBeNull();
  });

  it("ticks a range from the last row touched", async () => {
    const { cursor } = await cursorOver(9);
    cursor.select(2);

    await cursor.extend(5);

    expect([...cursor.checked.keys()]).toEqual(["row 2", "row 3", "row 4", "row 5"]);
  });

  it("ticks all that match, read or not", async () => {
    const { cursor } = await cursorOver(250);

    await cursor.all();

    expect(cursor.checked.size).toBe(250);
  });

  it("Escape clears the ticks first, then closes the panel", async () => {
    const { cursor } = await cursorOver(3);
    cursor.toggle(1);

    expect(cursor.escape()).toBe(true);
    expect(cursor.checked.size).toBe(0);
    expect(cursor.current).toBe("row 1");
    expect(cursor.escape()).toBe(true);
    expect(cursor.current).toBeNull();
    expect(cursor.escape()).toBe(false);
  });
});
