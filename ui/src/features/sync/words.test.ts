import { describe, expect, it } from "vitest";
import { sync } from "../../lib/words/sync";

describe("What sync says", () => {
  it("z03_a_preview_says_its_numbers_in_sentences", () => {
    const w = sync.preview;

    expect(w.same(39, 42)).toBe("42 match people you have already.");
    expect(w.add(6, 5, 8)).toBe("6 are new and use 5 seats of 8 left.");
    expect(w.add(1, 0, 8)).toBe("1 is new, no seat needed.");
    expect(w.missing(1)).toBe("1 you have isn’t there. They are put aside for 14 days; you can keep them.");
  });

  it("v07_what_is_asked_names_the_number", () => {
    expect(sync.guard.title(9)).toBe("Sync stopped to ask: it would put 9 accounts aside");
    expect(sync.guard.accept(9)).toBe("Put 9 aside");
  });

  it("x10_who_gets_mail_and_is_not_in_the_directory_is_counted", () => {
    expect(sync.observed.title(1, "Microsoft Entra")).toBe("1 address gets mail but isn’t in Microsoft Entra");
    expect(sync.observed.title(4, "Microsoft Entra")).toBe("4 addresses get mail but aren’t in Microsoft Entra");
  });
});
