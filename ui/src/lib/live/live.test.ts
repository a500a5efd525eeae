import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Event, Fault } from "../api/types";
import type { Host } from "../host/host";
import { Bus } from "./bus.svelte";
import { Live } from "./live.svelte";

/** A host whose answers are given by hand. */
function byHand() {
  const asked: { name: string; answer: (value: unknown) => void; refuse: (fault: Fault) => void }[] = [];
  let tell: (event: Event) => void = () => undefined;
  const host = {
    query: (name: string) => new Promise((answer, refuse) => asked.push({ name, answer, refuse })),
    subscribe: (callback: (event: Event) => void) => {
      tell = callback;
      return () => undefined;
    },
  } as unknown as Host;
  return { host, asked, tell: (event: Partial<Event>) => tell({ revision: 1, stale: [], ...event } as Event) };
}

const unavailable: Fault = { code: "unavailable", message: "The engine is away.", detail: [] };
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("Live", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function started() {
    const hand = byHand();
    const bus = new Bus(hand.host);
    bus.open();
    const live = new Live(bus, "journal", () => ({}));
    live.start();
    return { ...hand, bus, live };
  }

  it("is loading until the first answer", async () => {
    const { asked, live, bus } = started();
    expect(live.now.is).toBe("loading");
    expect(bus.loading).toBe(1);

    asked[0]?.answer({ rows: [] });
    await settle();

    expect(live.now).toEqual({ is: "ready", value: { rows: [] } });
    expect(bus.loading).toBe(0);
  });

  it("asks again when a tag it reads went stale, and not for others", async () => {
    const { asked, tell } = started();
    asked[0]?.answer({ rows: [] });
    await settle();

    tell({ stale: ["mail"] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveLength(1);

    tell({ stale: ["journal"] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveLength(2);
  });

  it("asks once for a burst of events", async () => {
    const { asked, tell } = started();
    asked[0]?.answer({ rows: [] });
    await settle();

    for (let times = 0; times < 50; times += 1) tell({ stale: ["journal"] });
    await vi.advanceTimersByTimeAsync(1000);

    expect(asked).toHaveLength(2);
  });

  it("keeps the old answer while it asks again", async () => {
    const { asked, live } = started();
    asked[0]?.answer({ rows: [] });
    await settle();

    void live.refresh();

    expect(live.now).toEqual({ is: "stale", value: { rows: [] } });
  });

  it("drops an answer that a later question has overtaken", async () => {
    const { asked, live } = started();
    void live.refresh();

    asked[1]?.answer({ rows: ["new"] });
    await settle();
    asked[0]?.answer({ rows: ["old"] });
    await settle();

    expect(live.value).toEqual({ rows: ["new"] });
  });

  it("keeps the last answer when a refresh fails", async () => {
    const { asked, live } = started();
    asked[0]?.answer({ rows: [] });
    await settle();
    void live.refresh();

    asked[1]?.refuse({ code: "internal", message: "no", detail: [] });
    await settle();

    expect(live.now).toMatchObject({ is: "failed", last: { rows: [] } });
  });

  it("says that the engine is away, asks again after 5 s and forgets it with the first answer", async () => {
    const { asked, bus } = started();
    asked[0]?.refuse(unavailable);
    await settle();
    expect(bus.away).toEqual(unavailable);

    await vi.advanceTimersByTimeAsync(6000);
    expect(asked).toHaveLength(2);
    asked[1]?.answer({ rows: [] });
    await settle();

    expect(bus.away).toBeNull();
  });
});
