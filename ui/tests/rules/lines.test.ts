import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replies } from "../../src/lib/format/replies";

const ENGINE = join(import.meta.dirname, "../../../src-tauri");
const read = (path: string) => readFileSync(join(ENGINE, path), "utf8").replaceAll(/\s+/g, " ");
const REASONS: Record<keyof typeof replies, string> = {
  unknown: "UserUnknown",
  closed: "ClosedList",
  waits: "NewAddress",
  inactive: "NotActive",
};

describe("x01 the SMTP lines the window shows", () => {
  const policy = read("rollcall-core/src/policy.rs");
  const numbers = read("rollcall-core/src/explained.rs");
  const wire = read("rollcall-smtp/src/wire.rs");

  it.each(Object.entries(replies))("are said by the relay: %s", (name, line) => {
    const [, code, enhanced = "", text, number] =
      /^(\d{3}) (\d\.\d\.\d) <x>: (.+) \(RC-(\d{3})\)$/.exec(line("x", "")) ?? [];
    expect(text).toBeDefined();
    const [, subject, detail] = enhanced.split(".");
    expect(policy).toContain(`Reply::new(${code}, ${subject}, ${detail}, format!("<{recipient}>: ${text}"))`);
    expect(numbers).toContain(`Self::${REASONS[name as keyof typeof replies]} => ${number}`);
  });

  it.each(Object.values(replies))("name the office's contact as the relay does", (line) => {
    expect(wire).toContain('format!("({number}); help: {contact}")');
    expect(line("x", "it@acme.example")).toBe(`${line("x", "")}; help: it@acme.example`);
  });
});
