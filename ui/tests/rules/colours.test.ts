import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../../src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => /\.(svelte|css|ts)$/.test(name));

describe("colours", () => {
  it("stand in tokens.css and nowhere else", () => {
    const literal = /#[0-9a-f]{3,8}\b(?![-\w])|\brgba?\(|\bhsla?\(|\boklch\(/i;
    const found = files
      .filter((name) => !name.endsWith("tokens.css") && !name.endsWith(".test.ts"))
      .flatMap((name) =>
        readFileSync(join(SRC, name), "utf8")
          .split("\n")
          .map((line, index) => ({ where: `${name}:${index + 1}`, line }))
          .filter(({ line }) => literal.test(line.replace(/url\("#\w+"\)|"#\w+"|\(#|`#/g, ""))),
      );

    expect(found).toEqual([]);
  });
});

/** Custom properties of one rule of tokens.css. */
function tokensOf(css: string, start: string): Record<string, string> {
  const from = css.indexOf(start);
  const body = css.slice(from, css.indexOf("}", from));
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9A-F]{6})/gi)].map((match) => [match[1], match[2]]));
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe("contrast", () => {
  const css = readFileSync(join(SRC, "lib/tokens/tokens.css"), "utf8");
  const themes = {
    light: tokensOf(css, ":root {"),
    dark: tokensOf(css, ':root[data-theme="dark"] {'),
    "more, light": tokensOf(css, ':root[data-contrast="more"]:not([data-theme="dark"]) {'),
    "more, dark": tokensOf(css, ':root[data-contrast="more"][data-theme="dark"] {'),
  };
  const surfaces = ["window", "surface", "sunken", "raised", "hover", "selected"];

  for (const [name, theme] of Object.entries(themes)) {
    it(`is at least 4.5 for every text on every surface in ${name}`, () => {
      const texts = ["text", "text2", "text3", "accent-text", "ok", "warn", "bad"];
      const pairs = [
        ...surfaces.flatMap((surface) => texts.map((text) => [text, surface])),
        ["on-accent", "accent"],
        ["on-accent", "accent-hover"],
        ["ok", "ok-soft"],
        ["warn", "warn-soft"],
        ["bad", "bad-soft"],
        ["off", "off-soft"],
        ["text2", "warn-soft"],
        ["text2", "bad-soft"],
        ["text2", "ok-soft"],
      ] as [string, string][];
      const weak = pairs.filter(([text, surface]) => contrast(theme[text] ?? "", theme[surface] ?? "") < 4.5);

      expect(weak).toEqual([]);
    });

    it(`is at least 3 for outlines, the focus ring and chart marks in ${name}`, () => {
      const marks = ["control", "accent", "c1", "c2", "c3", "c4"];
      const weak = marks.filter((mark) => contrast(theme[mark] ?? "", theme.surface ?? "") < 3);

      expect(weak).toEqual([]);
    });
  }
});
