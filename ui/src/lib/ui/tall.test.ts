import { describe, expect, it } from "vitest";
import { TALLEST, tall } from "./tall";

describe("D17: a list of any length is scrolled from end to end", () => {
  it("is as tall as its rows while they fit", () => {
    const list = tall(10_000, 54, 600);
    expect(list.height).toBe(540_000);
    expect(list.top(1234)).toBe(1234);
    expect(list.scrollTop(1234)).toBe(1234);
  });

  it("shows the last of a million rows at the end of the scroll bar, and the first at its start", () => {
    const list = tall(1_000_000, 54, 600);
    expect(list.height).toBe(TALLEST);
    expect(list.top(0)).toBe(0);
    expect(list.top(TALLEST - 600)).toBeCloseTo(54_000_000 - 600, 3);
  });

  it("finds the way back from a row to its place", () => {
    const list = tall(1_000_000, 46, 720);
    for (const row of [0, 1, 77, 499_999, 999_900]) expect(list.top(list.scrollTop(row * 46))).toBeCloseTo(row * 46, 3);
  });
});
