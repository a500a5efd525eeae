import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHost } from "../../lib/host/fake/fake";
import { Bus } from "../../lib/live/bus.svelte";
import { MailRows } from "./mailflow.svelte";
import { traceOf } from "./trace";

const settle = () => vi.advanceTimersByTimeAsync(400);

describe("MailRows", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  async function opened(search = "") {
    const bus = new Bus(createHost(""));
    bus.open();
    const rows = new MailRows(bus, () => search);
    rows.start();
    await settle();
    return rows;
  }
  const arrive = async () => {
    window.fake?.arrive("kim.cedar");
    await settle();
  };

  it("reads the newest hundred, and older ones when the end comes near", async () => {
    const rows = await opened();
    expect(rows.total).toBe(100);

    rows.show(70, 90);
    await settle();
    rows.show(170, 190);
    await settle();

    expect(rows.total).toBe(240);
    expect(rows.complete).toBe(true);
    expect(rows.rows.map((row) => row.id)).toEqual(Array.from({ length: 240 }, (_, at) => 240 - at));
  });

  it("lets new rows in while the list is at its top", async () => {
    const rows = await opened();

    await arrive();

    expect(rows.at(0)?.id).toBe(241);
    expect(rows.fresh).toHaveLength(0);
  });

  it("holds new rows back while somebody reads further down, until they are let in", async () => {
    const rows = await opened();
    rows.atTop = false;

    await arrive();
    await arrive();
    expect(rows.at(0)?.id).toBe(240);
    expect(rows.fresh.map((row) => row.id)).toEqual([242, 241]);

    rows.letIn();
    expect(rows.at(0)?.id).toBe(242);
    expect(rows.total).toBe(102);
  });

  it("asks the engine for a search", async () => {
    const rows = await opened("promo@");

    expect(rows.total).toBeGreaterThan(0);
    expect(rows.rows.every((row) => row.sender.startsWith("promo@"))).toBe(true);
  });

  it("copies a message as text with both replies whole", async () => {
    const rows = await opened();
    const row = rows.rows.find((found) => found.destination_reply !== null);
    if (row === undefined) throw new Error("the stand-in has delivered mail");

    expect(traceOf(row)).toContain(`our reply: ${row.reply}`);
    expect(traceOf(row)).toContain(`its reply: ${row.destination_reply}`);
  });
});
