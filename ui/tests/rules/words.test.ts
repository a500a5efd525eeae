import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "svelte/compiler";
import { describe, expect, it } from "vitest";
import { words } from "../../src/lib/words";

const SRC = join(import.meta.dirname, "../../src");
const components = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".svelte"));
const SPOKEN = new Set(["title", "aria-label", "placeholder", "alt", "aria-valuetext", "label"]);

interface Node {
  type?: string;
  name?: string;
  data?: string;
  value?: unknown;
}

/** True for a piece of text with a word in it. */
function isWord(node: Node): boolean {
  return node.type === "Text" && /\p{L}{2,}/u.test(node.data ?? "");
}

/** Text a person would read that is written in markup instead of the catalogue. */
function textsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(textsIn);
  if (typeof node !== "object" || node === null) return [];
  const { type, name, data, value } = node as Node;
  if (type === "Attribute" && !SPOKEN.has(name ?? "")) return [];
  const own = isWord(node as Node) ? [(data ?? "").trim()] : [];
  return [
    ...own,
    ...Object.values(node).flatMap((child) => (child !== value || type === "Attribute" ? textsIn(child) : [])),
  ];
}

/** Every sentence of the catalogue; functions are called with plausible values. */
function sentences(part: unknown, path = "words"): [string, string][] {
  if (typeof part === "string") return [[path, part]];
  if (typeof part === "function") return [[path, String(part)]];
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, child]) => sentences(child, `${path}.${key}`));
}

describe("words", () => {
  it("that are written in markup are found by this test", () => {
    const markup = (code: string) => textsIn(parse(code, { modern: true }).fragment);

    expect(markup("<p>Hello there {name}</p>")).toEqual(["Hello there"]);
    expect(markup('<button class="btn" title="Send it">{label}</button>')).toEqual(["Send it"]);
    expect(markup("<p>{words.a} {1}, ·</p>")).toEqual([]);
  });

  it("are in the catalogue, not in the markup", () => {
    const found = components.flatMap((name) =>
      textsIn(parse(readFileSync(join(SRC, name), "utf8"), { modern: true }).fragment).map(
        (text) => `${name}: ${text}`,
      ),
    );

    expect(found).toEqual([]);
  });

  it("are calm: no exclamation marks, no please, no successfully, no oops", () => {
    const loud = sentences(words).filter(([, text]) =>
      /[a-z]!(\s|$)|\bplease\b|successfully|\boops\b|\bOK\b/i.test(text),
    );

    expect(loud).toEqual([]);
  });

  it("hold no protocol words in headlines and banners", () => {
    const headlines = [
      ...Object.values(words.overview.headline),
      ...Object.values(words.frame.banner).filter((text) => typeof text === "string"),
    ];

    expect(headlines.filter((text) => /\b(SMTP|RCPT|MX|DNS|TLS|[45]\d\d)\b/.test(text as string))).toEqual([]);
  });
});
