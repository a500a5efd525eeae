import { describe, expect, it } from "vitest";
import { initialsOf, looksLikeAddress, looksLikeDomain, looksLikeIp, partsOf, portOf } from "./address";

describe("addresses", () => {
  it("split at the last @", () => expect(partsOf('"a@b"@c.example')).toEqual({ local: '"a@b"', domain: "@c.example" }));

  it("need an @ and a domain", () => {
    expect(looksLikeAddress("kim@fabrikam.example")).toBe(true);
    for (const wrong of ["kim", "kim@", "@x.example", "a b@x.example", "a@b"])
      expect(looksLikeAddress(wrong)).toBe(false);
  });

  it("give two capitals", () => {
    expect(initialsOf("Kim Ann Cedar", "kim@x.example")).toBe("KC");
    expect(initialsOf(null, "kim.cedar@x.example")).toBe("KC");
    expect(initialsOf(null, "info@x.example")).toBe("I");
  });
});

describe("what is typed in settings", () => {
  it("a domain has a dot and no @", () => {
    expect(looksLikeDomain("fabrikam.example")).toBe(true);
    expect(looksLikeDomain("bücher.example")).toBe(true);
    for (const wrong of ["fabrikam", "a@b.example", "-x.example", "", "a..b"])
      expect(looksLikeDomain(wrong)).toBe(false);
  });

  it("a port is 0 to 65535", () => {
    expect(portOf(" 2525 ")).toBe(2525);
    for (const wrong of ["", "x", "65536", "-1", "2.5"]) expect(portOf(wrong)).toBeNull();
  });

  it("an IP address is four numbers or has colons", () => {
    for (const right of ["127.0.0.1", "::", "fd00::20"]) expect(looksLikeIp(right)).toBe(true);
    for (const wrong of ["localhost", "256.1.1.1", "1.2.3"]) expect(looksLikeIp(wrong)).toBe(false);
  });
});
