import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHost } from "../../lib/host/fake/fake";
import type { Host } from "../../lib/host/host";
import { Session } from "../../lib/session/session.svelte";
import { Discovered } from "./discovered.svelte";

const settle = () => vi.advanceTimersByTimeAsync(600);
const fabrikam = (local: string) => `${local}@fabrikam.example`;

describe("Discovered", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    location.hash = "";
  });
  afterEach(() => vi.useRealTimers());

  async function opened(change: (host: Host) => Host = (host) => host) {
    const host = change(createHost(""));
    const session = new Session(host, await host.house());
    session.start();
    const view = new Discovered(session);
    view.rows.start();
    await settle();
    const select = (local: string) => view.cursor.select(view.rows.indexOf(fabrikam(local)));
    return { session, view, select };
  }

  it("lists what waits longest first", async () => {
    const { view } = await opened();

    expect(view.rows.total).toBe(7);
    expect(view.rows.at(0)?.address).toBe(fabrikam("jordon.larch"));
  });

  it("makes a user with the guessed names, says so, and offers Undo", async () => {
    const { session, view, select } = await opened();
    select("jordan.larch");

    await view.makeUsers();
    await settle();

    expect(view.rows.total).toBe(6);
    expect(session.toast.now?.text).toBe("jordan.larch is now a user.");
    const { row } = await session.bus.query("address", { address: fabrikam("jordan.larch") });
    expect(row).toMatchObject({ state: "user", first_name: "Jordan", surname: "Larch" });

    session.toast.now?.action?.run();
    await settle();
    expect(view.rows.total).toBe(7);
  });

  it("uses the names that were typed instead of the guess", async () => {
    const { session, view, select } = await opened();
    select("jordan.larch");
    view.names.set(fabrikam("jordan.larch"), { first: "Jo", surname: "" });

    await view.makeUsers();

    const { row } = await session.bus.query("address", { address: fabrikam("jordan.larch") });
    expect(row.first_name).toBe("Jo");
  });

  it("adds people as users and the rest as functional accounts, and takes both back together", async () => {
    const { session, view } = await opened();
    await view.cursor.all();

    await view.addAsSuggested();
    await settle();
    expect(view.rows.total).toBe(0);
    expect(session.toast.now?.text).toBe("5 users and 2 functional accounts added.");

    session.toast.now?.action?.run();
    await settle();
    expect(view.rows.total).toBe(7);
  });

  it("says that mail is refused from now on when an address is not real", async () => {
    const { session, view, select } = await opened();
    select("jordon.larch");

    await view.markInvalid();

    expect(session.toast.now?.text).toBe("Mail to jordon.larch is refused from now on.");
  });

  it("leaves the row where it is when the engine refuses, and shows its sentence", async () => {
    const fault = { code: "conflict", message: "It changed meanwhile. Look again.", detail: ["revision 7"] };
    const { session, view, select } = await opened((host) => ({ ...host, command: () => Promise.reject(fault) }));
    select("jordan.larch");

    await view.makeUsers();
    await settle();

    expect(view.rows.total).toBe(7);
    expect(view.cursor.current).toBe(fabrikam("jordan.larch"));
    expect(session.toast.now).toMatchObject({ tone: "bad", text: fault.message, detail: fault.detail, action: null });
    expect(session.busy.size).toBe(0);
  });

  it("asks once when a button is pressed twice", async () => {
    const commands: string[] = [];
    const { view, select } = await opened((host) => ({
      ...host,
      command: (name, args) => {
        commands.push(name);
        return host.command(name, args);
      },
    }));
    select("jordan.larch");

    await Promise.all([view.makeUsers(), view.makeUsers()]);

    expect(commands).toEqual(["create_user"]);
  });

  it("a newly discovered address appears by itself", async () => {
    const { view } = await opened();

    window.fake?.arrive("lou.hawthorn");
    await settle();

    expect(view.rows.indexOf(fabrikam("lou.hawthorn"))).toBeGreaterThanOrEqual(0);
  });

  it("forgets ticks when another list is shown", async () => {
    const { view } = await opened();
    view.cursor.toggle(0);

    view.show("watching");

    expect(view.cursor.checked.size).toBe(0);
    expect(view.filter).toBe("watching");
  });
});
