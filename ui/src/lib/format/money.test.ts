import { describe, expect, it } from "vitest";
import { major, minor } from "./money";

describe("money", () => {
  it("is read with point or comma, and never rounded", () => {
    expect(minor("3", "EUR")).toBe(300);
    expect(minor("3,5", "EUR")).toBe(350);
    expect(minor(" 0.07 ", "EUR")).toBe(7);
    expect(minor("3.005", "EUR")).toBeNull();
    expect(minor("-3", "EUR")).toBeNull();
    expect(minor("", "EUR")).toBeNull();
  });

  it("has the digits of its currency", () => {
    expect(minor("300", "JPY")).toBe(300);
    expect(minor("300.5", "JPY")).toBeNull();
    expect(minor("1.234", "KWD")).toBe(1234);
  });

  it("is shown as it is typed", () => {
    expect(major(2100, 2)).toBe("21.00");
    expect(major(300, 0)).toBe("300");
  });
});
