import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHost } from "../../lib/host/fake/fake";
import { NOW } from "../../lib/host/fake/data";
import { FakeFlow } from "../../lib/host/fake/mailflow";
import type { Host } from "../../lib/host/host";
import { Bus } from "../../lib/live/bus.svelte";
import { words } from "../../lib/words";
import { argsOf, MailRows, type Tab } from "./mailflow.svelte";
import { labelOf, periodOf, rangeOf, type Period } from "./period";
import { lookOf, resultOf, stepLook } from "./outcome";
import { traceOf } from "./trace";
import { verdictOf } from "./verdict";

const settle = () => vi.advanceTimersByTimeAsync(400);

describe("MailRows", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  let host: Host;
  async function opened(search = "", tab: Tab = "all", reason = "") {
    host = createHost("");
    const bus = new Bus(host);
    bus.open();
    const rows = new MailRows(
      bus,
      () => ({ tab, period: { quick: "all" }, search, reason }),
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

  it("keeps every row as it is while it is paused, and goes on with all that came", async () => {
    const rows = await opened();
    rows.pause(true);

    await arrive();
    await arrive();
    await host.command("flush_queue", { queue_id: "QX7F2" });
    await settle();
    expect(rows.at(0)?.id).toBe(240);
    expect(rows.rows.find((row) => row.id === 239)?.outcome).toBe("waiting");
    expect(rows.fresh).toHaveLength(2);

    rows.pause(false);
    await settle();
    expect(rows.at(0)?.id).toBe(242);
    expect(rows.rows.find((row) => row.id === 239)?.outcome).toBe("delivered");
    expect(rows.fresh).toHaveLength(0);
  });

  it("leaves no hole when more came than one answer holds", async () => {
    const rows = await opened();
    rows.pause(true);
    for (let times = 0; times < 130; times += 1) window.fake?.arrive("kim.cedar");
    await settle();

    rows.pause(false);
    await settle();
    rows.show(90, 99);
    await settle();

    expect(rows.rows.slice(0, 150).map((row) => row.id)).toEqual(Array.from({ length: 150 }, (_, at) => 370 - at));
  });

  it("shows a held message as on hold", async () => {
    const rows = await opened();
    await host.command("hold_message", { queue_ids: ["QX7F2"] });
    await settle();

    const held = rows.rows.find((row) => row.queue_id === "QX7F2");
    expect(held === undefined ? null : resultOf(held)).toBe("On hold");
    expect(held === undefined ? null : lookOf(held).icon).toBe("held");
  });

  it("asks the engine for one reason only", async () => {
    const rows = await opened("", "all", "marked_invalid");

    expect(rows.total).toBeGreaterThan(0);
    expect(rows.rows.every((row) => row.reason === "marked_invalid")).toBe(true);
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
    const day: Period = { quick: "day" };
    const none = { search: "", reason: "" };
    expect(argsOf({ ...none, tab: "all", period: day }, 3 * DAY)).toEqual({ from_ms: 2 * DAY });
    const wanted = { tab: "problems", period: { quick: "all" }, search: "x", reason: "queue_expired" } as const;
    expect(argsOf(wanted, 0)).toEqual({ outcome: "problem", search: "x", reason: "queue_expired" });
    expect(argsOf({ ...none, tab: "waiting", period: day }, 3 * DAY)).toEqual({ outcome: "waiting" });
  });

  it("is counted back from now, from midnight, or between two moments", () => {
    expect(rangeOf({ quick: "hour" }, NOW)).toEqual({ from_ms: NOW - 3_600_000 });
    expect(rangeOf({ quick: "today" }, NOW)).toEqual({ from_ms: new Date(2026, 10, 12).getTime() });
    expect(rangeOf({ quick: "week" }, NOW)).toEqual({ from_ms: NOW - 7 * DAY });
    expect(rangeOf({ from: 5, until: 9 }, NOW)).toEqual({ from_ms: 5, until_ms: 9 });
    expect(rangeOf({ from: null, until: 9 }, NOW)).toEqual({ until_ms: 9 });
  });

  it("is taken from a search that means a time, and not from a time of day alone", () => {
    const yesterday = new Date(2026, 10, 11).getTime();
    const from = new Date(2026, 10, 11, 14).getTime();
    expect(periodOf("yesterday", NOW)).toEqual({ from: yesterday, until: yesterday + DAY });
    expect(periodOf("yesterday 14:00", NOW)).toEqual({ from, until: from + 3_600_000 });
    for (const text of ["14:00", "2 pm", "kim.cedar", "may", ""]) expect(periodOf(text, NOW), text).toBeNull();
  });

  it("is named as people say it", () => {
    const from = new Date(2026, 10, 11, 14).getTime();
    expect(labelOf({ quick: "hour" }, NOW)).toBe("Last hour");
    expect(labelOf({ from, until: from + 3_600_000 }, NOW)).toMatch(/^(11 Nov|Nov 11), .* to .*/);
    expect(labelOf({ from, until: null }, NOW)).toMatch(/^From (11 Nov|Nov 11)/);
    expect(labelOf({ from: null, until: from }, NOW)).toMatch(/^Until (11 Nov|Nov 11)/);
  });
});

describe("what is going on with a message", () => {
  const flow = new FakeFlow({ mood: "ready", now: NOW, tell: () => undefined });
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
    expect(verdictOf(row, { ...queued, held: true }, NOW, NOW - 60_000).title).toMatch(
      /^Held by you since \S+( PM)?\.$/,
    );
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
