import { describe, expect, it } from "vitest";
import type { Health } from "../../lib/api/types";
import { bannerOf } from "../../lib/parts/banner";
import { axisTop, gridValues, sums, totalOf } from "../../lib/parts/chart";
import { needsOf } from "./needs";

const healthy = { state: "flowing", faults: [], waiting: 0, failed: 0 } as unknown as Health;
const unreachable = {
  code: "destination_unreachable",
  sentence: "mail.fabrikam.example doesn’t answer.",
  detail: "connection refused",
  since_ms: 0,
};
const unbound = { code: "listener_not_bound", sentence: "Port 25 is taken.", detail: "in use", since_ms: 0 };
const when = () => "14:32";

describe("what needs a person", () => {
  it("is nothing when mail flows and all is decided", () => expect(needsOf(healthy, 0)).toEqual([]));

  it("is the decision about discovered addresses", () =>
    expect(needsOf(healthy, 7).map((need) => need.to.section)).toEqual(["discovered"]));

  it("names what is wrong before what is waiting", () => {
    const needs = needsOf({ ...healthy, faults: [unreachable], waiting: 9, failed: 2 }, 1);

    expect(needs.map((need) => need.to.section)).toEqual(["settings", "mail-flow", "discovered"]);
  });
});

describe("what needs a person, when something is wrong", () => {
  it("is said in two short lines without codes", () => {
    expect(needsOf({ ...healthy, faults: [unreachable], waiting: 9 }, 0)[0]).toMatchObject({
      title: "Your mail server doesn’t answer",
      why: "9 messages are kept here until it’s back",
    });
    expect(needsOf({ ...healthy, faults: [unbound] }, 0)[0]).toMatchObject({
      title: "Mail can’t come in",
      why: "Port 25 is taken.",
    });
  });

  it("leads to where the fault can be looked after", () => {
    const places = (code: string) => needsOf({ ...healthy, faults: [{ ...unbound, code }] }, 0)[0]?.to.filter;

    expect(places("listener_not_bound")).toBe("receiving");
    expect(places("destination_unreachable")).toBe("mail-server");
    expect(places("disk_low")).toBe("outgoing");
    expect(places("task_failed")).toBe("about");
  });
});

describe("the banner", () => {
  it("is absent when nothing is wrong", () => expect(bannerOf(healthy, null, when)).toBeNull());

  it("shows the worst of several faults: mail that cannot come in", () => {
    const banner = bannerOf({ ...healthy, faults: [unreachable, unbound] }, null, when);

    expect(banner).toMatchObject({ tone: "bad", title: "Mail can’t come in.", technical: "in use" });
    expect(banner?.text).toContain("Nothing is lost");
  });

  it("says since when, what happens to the mail, and where to look", () => {
    const banner = bannerOf({ ...healthy, faults: [unreachable], waiting: 9 }, null, when);

    expect(banner?.text).toBe("Since 14:32. 9 messages are kept here and go out when it’s back.");
    expect(banner?.to).toMatchObject({ section: "settings", filter: "mail-server" });
  });

  it("says first of all that the relay cannot be reached", () => {
    const away = { code: "unavailable", message: "The engine is away.", detail: [] } as const;

    expect(bannerOf({ ...healthy, faults: [unbound] }, { ...away, detail: [] }, when)?.title).toMatch(/can’t reach/);
  });

  it("shows a fault of a kind this window does not know, in the engine's words", () =>
    expect(bannerOf({ ...healthy, faults: [{ ...unbound, code: "new_kind" }] }, null, when)?.text).toBe(
      "Port 25 is taken.",
    ));
});

describe("the chart", () => {
  it("has an axis from zero with three whole steps that holds the highest bar", () => {
    for (const highest of [0, 1, 3, 4, 7, 10, 13, 55, 61, 99, 100, 101, 480, 12_345, 999_999]) {
      const top = axisTop(highest);
      expect(top).toBeGreaterThanOrEqual(highest);
      expect(gridValues(top).every(Number.isInteger)).toBe(true);
    }
  });

  it("does not waste half of its height", () => {
    for (const highest of [7, 25, 55, 130, 700]) expect(axisTop(highest)).toBeLessThanOrEqual(highest * 1.8);
  });

  it("adds up all parts of an hour", () => {
    const hour = { delivered: 5, refused: 3, deferred: 2, waiting: 1, failed: 4 };

    expect(totalOf(hour)).toBe(15);
    expect(sums([hour, hour])).toEqual({ delivered: 10, refused: 6, deferred: 4, waiting: 2, failed: 8 });
  });
});
