import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHost } from "../../lib/host/fake/fake";
import { NOW } from "../../lib/host/fake/data";
import { FakeFlow } from "../../lib/host/fake/mailflow";
import type { Host } from "../../lib/host/host";
import { Bus } from "../../lib/live/bus.svelte";
import { words } from "../../lib/words";
import { argsOf, MailRows, type Tab } from "./mailflow.svelte";
import { resultOf, stepLook } from "./outcome";
import { traceOf } from "./trace";
import { verdictOf } from "./verdict";

const settle = () => vi.advanceTimersByTimeAsync(400);

describe("MailRows", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  let host: Host;
  async function opened(search = "", tab: Tab = "all") {
    host = createHost("");
    const bus = new Bus(host);
    bus.open();
    const rows = new MailRows(
      bus,
      () => ({ tab, days: null, search }),
      () => 0,
    );
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
    expect(rows.rows).toHaveLength(100);

    rows.show(70, 90);
    await settle();
    rows.show(170, 190);
    await settle();

    expect(rows.rows).toHaveLength(240);
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
    expect(rows.rows).toHaveLength(102);
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

  it("shows a message to several people once, by the one that does not have it yet", async () => {
    const rows = await opened();
    const shared = rows.messages.filter((row) => row.subject === "Minutes, Tuesday" && row.recipients > 1);

    expect(shared.map((row) => row.outcome)).toEqual(["waiting"]);
    expect(shared.map(resultOf)).toEqual(["2 of 3 delivered"]);
    expect(rows.messages).toHaveLength(98);
  });

  it("lets a message go from Waiting when it has been delivered", async () => {
    const rows = await opened("", "waiting");
    expect(rows.total).toBe(2);

    await host.command("flush_queue", { queue_id: "QX7F2" });
    await settle();

    expect(rows.rows.map((row) => row.queue_id)).toEqual(["QX7D9"]);
  });
});

describe("what the list asks for", () => {
  const DAY = 86_400_000;

  it("is what came in the time chosen, but what waits however old it is", () => {
    expect(argsOf({ tab: "all", days: 1, search: "" }, 3 * DAY)).toEqual({ from_ms: 2 * DAY });
    expect(argsOf({ tab: "problems", days: null, search: "x" }, 0)).toEqual({ outcome: "problem", search: "x" });
    expect(argsOf({ tab: "waiting", days: 1, search: "" }, 3 * DAY)).toEqual({ outcome: "waiting" });
  });
});

describe("what is going on with a message", () => {
  const flow = new FakeFlow();
  flow.fill();
  const message = flow.message(239);
  if (message?.queued == null) throw new Error("the stand-in has mail that waits");
  const { row, queued } = message;
  const [recipient] = queued.recipients;
  if (recipient === undefined) throw new Error("somebody waits for it");
  const saying = (change: Partial<typeof queued>, one: Partial<typeof recipient> = {}) =>
    verdictOf(row, { ...queued, recipients: [{ ...recipient, ...one }], ...change }, NOW);

  it("tells the next try and until when it is tried", () => {
    const { title, text } = saying({});
    expect(title).toBe("Waiting for your mail server.");
    expect(text).toMatch(/^Tried 2 times so far\. Next try at \S+( PM)?, in 8 minutes\. We keep trying until Tuesday/);
  });

  it("tells that it is held, has nowhere to go, or is on its way", () => {
    expect(saying({ held: true }).title).toBe("Held by you.");
    expect(saying({}, { no_next_hop: "no smarthost is set." }).text).toMatch(/nowhere to go: no smarthost is set\./);
    expect(saying({}, { state: "active", due_ms: null }).text).toBe("It is being sent right now.");
  });

  it("tells why the sender of what was given up got no report, with its address", () => {
    const text = (said: string) =>
      words.mailflow.stepText({ ...row, sender: "kim@fabrikam.example" }, "no_report", said);
    expect(text("unproved")).toBe("Nothing proves that kim@fabrikam.example really sent it.");
    expect(text("outward_off")).toBe("Sending mail out is switched off in Settings.");
    expect(text("a_new_one")).toBe("a new one");
    expect(words.mailflow.stepTitle(row, "no_report", "unproved")).toBe("No report was sent");
    expect(words.mailflow.stepText(row, "attempt", "550")).toBeUndefined();
  });

  it("shows a refusal by the server in red and our own in grey", () => {
    const step = { at_ms: 0, after_ms: 0, step: "x", said: "550 5.1.1 no" };
    expect(stepLook({ ...step, who: "server" }).tone).toBe("bad");
    expect(stepLook({ ...step, who: "us" }).tone).toBe("off");
  });
});
