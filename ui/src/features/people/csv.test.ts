import { describe, expect, it } from "vitest";
import type { CsvPreview } from "../../lib/api/types";
import { createHost } from "../../lib/host/fake/fake";
import type { Host } from "../../lib/host/host";
import { Session } from "../../lib/session/session.svelte";
import { CsvImport } from "./csv.svelte";

const HEAD = "mail;first;last\n";
const LIST = `${HEAD}new.one@fabrikam.example;New;One\nnobody;No;Body\n`;

describe("A list of people from a file", () => {
  async function opened(change: (host: Host) => Partial<Host> = () => ({})) {
    const inner = createHost("");
    const host: Host = { ...inner, ...change(inner) };
    return new CsvImport(new Session(host, await host.house()));
  }

  const file = (text: string, name = "people.csv") => new File([text], name);

  it("m08_changes_nothing_before_it_is_imported_and_is_one_entry_to_take_back", async () => {
    const view = await opened();
    await view.take(file(LIST));

    expect(view.preview?.counts).toMatchObject({ add: 1, bad: 1 });
    expect(view.done).toBeNull();
    await view.run();
    expect(view.done?.entry).toBeGreaterThan(0);
  });

  it("m08_a_file_of_more_than_20_MB_is_refused_without_being_sent", async () => {
    const view = await opened();
    await view.take(file("x".repeat(20_000_001), "huge.csv"));

    expect(view.refused?.message).toContain("huge.csv");
    expect(view.name).toBeNull();
  });

  it("v12_many_removals_need_their_number", async () => {
    const view = await opened();
    await view.take(file(LIST));
    view.mode = "replace";
    await view.look();

    expect(view.asks).toBeGreaterThan(3);
    expect(view.isReady).toBe(false);
    view.agreed = String((view.asks ?? 0) + 1);
    expect(view.isReady).toBe(false);
    view.agreed = String(view.asks);
    expect(view.isReady).toBe(true);
  });

  it("m08_the_bytes_are_sent_as_they_are_whatever_their_encoding", async () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0x41, 0x00, 0xe9, 0x00]);
    let sent = "";
    const view = await opened((inner) => ({
      command: (name, args) => {
        sent = (args as { content_base64: string }).content_base64;
        return inner.command(name, args);
      },
    }));
    await view.take(new File([bytes], "utf16.csv"));

    expect(Uint8Array.from(atob(sent), (c) => c.charCodeAt(0))).toEqual(bytes);
  });

  it("an_answer_that_a_later_question_overtook_is_dropped", async () => {
    const waiting: ((preview: CsvPreview) => void)[] = [];
    const view = await opened((inner) => ({
      command: async (name, args) => {
        const answer = (await inner.command(name, args)) as CsvPreview;
        return new Promise((resolve) => waiting.push(() => resolve(answer)));
      },
    }));
    const settled = async () => new Promise((resolve) => setTimeout(resolve, 5));
    void view.take(file(LIST));
    await settled();
    view.set({ header: false });
    await settled();
    waiting[1]?.({} as CsvPreview);
    await settled();
    const later = view.preview;
    waiting[0]?.({} as CsvPreview);
    await settled();

    expect(later?.has_header).toBe(false);
    expect(view.preview).toBe(later);
  });
});
