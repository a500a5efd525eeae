import { describe, expect, it } from "vitest";
import { momentOf, written } from "./moment";

/** Thursday 12 November 2026, 14:40. */
const NOW = new Date(2026, 10, 12, 14, 40).getTime();
const read = (text: string, isEnd = false): string | null => {
  const ms = momentOf(text, NOW, isEnd);
  return ms === null ? null : written(ms);
};

describe("a moment as people write it", () => {
  it.each([
    ["14:00", "2026-11-12 14:00"],
    ["9:05", "2026-11-12 09:05"],
    ["2:30 pm", "2026-11-12 14:30"],
    ["12am", "2026-11-12 00:00"],
    ["today 8:00", "2026-11-12 08:00"],
    ["Yesterday 14:00", "2026-11-11 14:00"],
    ["yesterday", "2026-11-11 00:00"],
    ["tue 9:00", "2026-11-10 09:00"],
    ["Thursday", "2026-11-12 00:00"],
    ["12 Nov 14:00", "2026-11-12 14:00"],
    ["Nov 3, 2025 4pm", "2025-11-03 16:00"],
    ["24 Dec", "2025-12-24 00:00"],
    ["11.11. 7:00", "2026-11-11 07:00"],
    ["1.2.2026", "2026-02-01 00:00"],
    ["2026-11-12", "2026-11-12 00:00"],
    ["2026-11-12T14:00", "2026-11-12 14:00"],
    ["now", "2026-11-12 14:40"],
  ])("%s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each(["", "soon", "25:00", "14:60", "13 pm", "30 Feb", "2026-13-01", "kim@fabrikam.example", "QX7F2"])(
    "is not %s",
    (text) => {
      expect(read(text)).toBeNull();
    },
  );

  it("is a whole day when it ends a time", () => {
    expect(read("yesterday", true)).toBe("2026-11-12 00:00");
    expect(read("yesterday 9:00", true)).toBe("2026-11-11 09:00");
  });
});
