import { describe, expect, it } from "vitest";
import { localeFrom, passed, size, took, when, whenShort } from "./time";

const NOW = new Date(2026, 10, 12, 14, 40).getTime();
const at = (day: number, hour: number, minute: number, month = 10, year = 2026): number =>
  new Date(year, month, day, hour, minute).getTime();

describe("when", () => {
  it("is the hour alone today", () => expect(when(at(12, 9, 5), NOW)).toMatch(/^0?9:05/));

  it("is the weekday and the hour this week", () => expect(when(at(9, 16, 2), NOW)).toMatch(/^Mon 0?(16|4):02/));

  it("is the day before that, so that last Thursday is not taken for today", () => {
    expect(when(at(5, 14, 40), NOW)).not.toMatch(/Thu/);
    expect(when(at(5, 14, 40), NOW)).toMatch(/5/);
  });

  it("names the year when it is another one", () => expect(when(at(2, 8, 0, 10, 2025), NOW)).toMatch(/2025/));

  it("takes a virtual clock far in the future", () => {
    const later = at(12, 14, 40, 10, 2031);
    expect(whenShort(later - 60_000, later)).toMatch(/39/);
  });

  it("shows a moment ahead of now as its day, not as a weekday of the past", () =>
    expect(when(at(14, 10, 0), NOW)).toMatch(/14/));
});

describe("lengths", () => {
  it("passed counts in the largest whole unit", () => {
    expect(passed(NOW - 40_000, NOW)).toEqual({ value: 40, unit: "second" });
    expect(passed(NOW - 7_260_000, NOW)).toEqual({ value: 2, unit: "hour" });
    expect(passed(NOW + 5000, NOW)).toEqual({ value: 0, unit: "second" });
  });

  it("took and size carry units", () => {
    expect(took(38)).toBe("38 ms");
    expect(took(1400)).toBe("1.4 s");
    expect(size(24_100)).toBe("24 KB");
  });

  it("dates are written in English on a computer of another language", () => {
    expect(localeFrom("de-AT")).toBe("en-GB");
    expect(localeFrom("en-US")).toBe("en-US");
  });
});
