import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHost } from "../host/fake/fake";
import { shortcutOf } from "../keys/keys";
import type { StateWord } from "../api/types";
import { formatRoute, parseRoute, Router, SECTIONS } from "./route.svelte";
import { Session } from "./session.svelte";
import { Toast } from "./toast.svelte";

describe("routes", () => {
  it("come back from the hash as they went in", () => {
    for (const section of SECTIONS) {
      const route = { section, filter: "a b&c", address: "kim+x@fabrikam.example", time: { from: 1, until: 2 } };
      expect(parseRoute(formatRoute(route))).toEqual(route);
    }
  });

  it("lead to the Overview when the hash is unknown", () =>
    expect(parseRoute("#/nowhere")).toEqual({ section: "overview", filter: null, address: null }));

  it("lead to the list on which an address stands", () => {
    const router = new Router();
    const stop = router.start();
    const at = (state: StateWord) => {
      router.show(state, "kim@fabrikam.example");
      return location.hash;
    };
    expect(at("discovered")).toBe("#/discovered?address=kim%40fabrikam.example");
    expect(at("watching")).toBe("#/discovered?filter=watching&address=kim%40fabrikam.example");
    expect(at("user")).toBe("#/people?address=kim%40fabrikam.example");
    expect(at("invalid")).toBe("#/people?filter=invalid&address=kim%40fabrikam.example");
    location.hash = "";
    stop();
  });

  it("take the engine's way of writing a section", () => expect(parseRoute("#/mail_flow").section).toBe("mail-flow"));
});

describe("shortcuts", () => {
  const key = (key: string, more: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { key, ...more });

  it("of one letter never act in a text field", () => {
    const input = document.createElement("input");
    document.body.append(input);
    let seen: string | null = "none";
    input.addEventListener("keydown", (event) => (seen = shortcutOf(event)));

    input.dispatchEvent(key("/"));

    expect(seen).toBeNull();
    expect(shortcutOf(key("/"))).toBe("search");
  });

  it("leave Control Z to the text field that has the focus", () => {
    expect(shortcutOf(key("z", { ctrlKey: true }))).toBe("undo");
    expect(shortcutOf(key("z", { ctrlKey: true, shiftKey: true }))).toBeNull();
  });

  it("are the same with Caps Lock", () => expect(shortcutOf(key("K", { ctrlKey: true }))).toBe("palette"));
});

describe("the toast", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("goes after 10 s", () => {
    const toast = new Toast();
    toast.say("Done.");
    vi.advanceTimersByTime(9_900);
    expect(toast.now?.text).toBe("Done.");
    vi.advanceTimersByTime(200);
    expect(toast.now).toBeNull();
  });

  it("stands still while it is hovered or focused", () => {
    const toast = new Toast();
    toast.say("Done.");
    toast.hold(true);
    vi.advanceTimersByTime(60_000);
    expect(toast.now).not.toBeNull();
    toast.hold(false);
    vi.advanceTimersByTime(10_100);
    expect(toast.now).toBeNull();
  });

  it("starts over with the next message", () => {
    const toast = new Toast();
    toast.say("One.");
    vi.advanceTimersByTime(9_000);
    toast.say("Two.");
    vi.advanceTimersByTime(9_000);
    expect(toast.now?.text).toBe("Two.");
  });
});

describe("new addresses", () => {
  const session = async (): Promise<Session> => {
    const host = createHost("");
    return new Session(host, await host.house());
  };
  afterEach(() => {
    location.hash = "";
  });

  it("are told with a way to them, until their list is on the screen", async () => {
    const { router, toast, found } = bound(await session());
    router.go("overview");
    found(["kim.cedar@fabrikam.example"]);
    expect(toast.now?.text).toBe("kim.cedar is new under Discovered.");

    toast.arrived({ section: "people", filter: null, address: null });
    expect(toast.now).not.toBeNull();
    toast.arrived({ section: "discovered", filter: null, address: "kim.cedar@fabrikam.example" });
    expect(toast.now).toBeNull();
  });

  it("are not told while their list is open, but beside the list of those still watched", async () => {
    const { router, toast, found } = bound(await session());
    router.now = { section: "discovered", filter: null, address: null };
    found(["kim.cedar@fabrikam.example"]);
    expect(toast.now).toBeNull();

    router.now = { section: "discovered", filter: "watching", address: null };
    found(["kim.cedar@fabrikam.example", "sam.birch@fabrikam.example"]);
    expect(toast.now?.text).toBe("2 addresses are new under Discovered.");
    toast.close();
  });

  it("never replace what is being said, such as an Undo", async () => {
    const { router, toast, found } = bound(await session());
    router.now = { section: "overview", filter: null, address: null };
    toast.say("info is now a functional account.");
    found(["kim.cedar@fabrikam.example"]);
    expect(toast.now?.text).toBe("info is now a functional account.");
    toast.arrived({ section: "discovered", filter: null, address: null });
    expect(toast.now).not.toBeNull();
    toast.close();
  });
});

/** The parts of a session these tests speak of. */
function bound(session: Session) {
  return { router: session.router, toast: session.toast, found: (list: string[]) => session.found(list) };
}

describe("the clock", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("is the folder's, not the computer's", async () => {
    const host = createHost("?state=practice");
    const session = new Session(host, await host.house());
    const stop = session.start();
    await vi.advanceTimersByTimeAsync(300);
    const before = session.now;

    await session.bus.command("skip_time", { hours: 168 });
    await vi.advanceTimersByTimeAsync(1000);
    stop();

    expect(session.now - before).toBeGreaterThanOrEqual(168 * 3_600_000);
    expect(session.now - before).toBeLessThan(169 * 3_600_000);
  });
});
