import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replies } from "../../src/lib/format/replies";

const POLICY = join(import.meta.dirname, "../../../src-tauri/rollcall-core/src/policy.rs");

describe("the SMTP lines the window shows", () => {
  const policy = readFileSync(POLICY, "utf8").replaceAll(/\s+/g, " ");

  it.each(Object.entries(replies))("are said by the relay: %s", (_, line) => {
    const [, code, enhanced = "", text] = /^(\d{3}) (\d\.\d\.\d) <x>: (.+)$/.exec(line("x")) ?? [];
    expect(text).toBeDefined();
    const [, subject, detail] = enhanced.split(".");
    expect(policy).toContain(`Reply::new(${code}, ${subject}, ${detail}, format!("<{recipient}>: ${text}"))`);
  });
});
