import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHost } from "../../lib/host/fake/fake";
import type { Host } from "../../lib/host/host";
import { Session } from "../../lib/session/session.svelte";
import type { AddressRow } from "../../lib/api/types";
import { Discovered, type Filter } from "./discovered.svelte";

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

  const inOrder = (view: Discovered) => Array.from({ length: view.rows.total }, (_, index) => view.rows.at(index));

  it("c05_lists_what_ends_first_in_front_and_what_does_not_end_last", async () => {
    const { view } = await opened();

    const ends = inOrder(view).map((row) => row?.ends_ms ?? Infinity);
    expect(ends).toHaveLength(7);
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
  });

  it("shows_only_what_ends_soon_or_looks_like_an_alias_or_has_weak_evidence", async () => {
    const { session, view } = await opened();
    const counts = session.counts.value?.waiting;

    for (const [filter, fits] of [
      ["likely_alias", (row) => row.suggestion.kind === "alias"],
      ["weak", (row) => row.strength.verdict === "weak"],
      ["ending_soon", (row) => (row.ends_ms ?? Infinity) <= session.now + 5 * 86_400_000],
    ] as [Filter & keyof NonNullable<typeof counts>, (row: AddressRow) => boolean][]) {
      view.show(filter);
      view.rows.start();
      await settle();
      const rows = inOrder(view);
      expect(rows).toHaveLength(counts?.[filter] ?? -1);
      expect(rows.every((row) => row !== undefined && fits(row))).toBe(true);
      expect(view.deciding).toBe(true);
    }
  });

  it("d09_what_can_wait_is_on_the_list_and_calls_nobody", async () => {
    const patient = (host: Host): Host => ({
      ...host,
      query: async (name, args) => {
        const answer = await host.query(name, args);
        const waiting = (answer as { waiting?: { can_wait: number } | null }).waiting;
        if (name === "addresses" && waiting) waiting.can_wait = 2;
        return answer;
      },
    });
    const { session, view } = await opened(patient);

    expect(view.rows.total).toBe(7);
    expect(session.toDecide).toBe(5);
  });

  it("p03_the_watching_tab_shows_all_or_unblocked_or_blocked_addresses", async () => {
    const { session, view } = await opened();
    const counts = session.counts.value?.counts;

    for (const [filter, states] of [
      ["watching", ["watching", "never_add"]],
      ["unblocked", ["watching"]],
      ["never_add", ["never_add"]],
    ] as [Filter, string[]][]) {
      view.show(filter);
      view.rows.start();
      await settle();
      const rows = inOrder(view);
      const total = states.reduce((sum, state) => sum + (counts?.[state as "watching"] ?? 0), 0);
      expect(rows).toHaveLength(total);
      expect(rows.every((row) => states.includes(row?.state ?? ""))).toBe(true);
      expect(view.tab).toBe("watching");
    }
  });

  it("n18_where_no_seat_is_left_it_is_asked_first_and_the_others_may_become_functional", async () => {
    const { session, view } = await opened(() => createHost("?access=full"));
    const rows = inOrder(view).slice(0, 3) as AddressRow[];

    await view.makeUsers(rows);
    expect(view.noSeat).toMatchObject({ free: 0 });
    expect(session.toast.now).toBeNull();
    await view.seatFirst();
    await settle();
    expect(view.rows.total).toBe(7);

    await view.makeUsers(rows);
    await view.othersFunctional();
    await settle();
    expect(view.rows.total).toBe(4);
    const { row } = await session.bus.query("address", { address: rows[0]?.address ?? "" });
    expect(row.state).toBe("functional");
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

  it("c10_add_as_suggested_is_one_decision_for_people_functional_accounts_and_aliases", async () => {
    const { session, view } = await opened();
    await view.cursor.all();

    await view.addAsSuggested();
    await settle();
    expect(view.rows.total).toBe(0);
    expect(session.toast.now?.text).toBe("7 addresses are added as suggested.");
    const alias = await session.bus.query("address", { address: fabrikam("k.cedar") });
    expect(alias.row).toMatchObject({ state: "alias", owner: fabrikam("kim.cedar") });
    expect((await session.bus.query("address", { address: fabrikam("warehouse") })).row.state).toBe("functional");

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

  it("d19_names_that_were_typed_are_kept_when_added_as_suggested_and_undo_takes_all_back", async () => {
    const { session, view } = await opened();
    view.names.set(fabrikam("jordan.larch"), { first: "Jo", surname: "Larch" });
    await view.cursor.all();

    await view.addAsSuggested();
    await settle();
    const { row } = await session.bus.query("address", { address: fabrikam("jordan.larch") });
    expect(row).toMatchObject({ state: "user", first_name: "Jo" });
    expect(view.rows.total).toBe(0);

    session.toast.now?.action?.run();
    await settle();
    expect(view.rows.total).toBe(7);
  });

  it("d20_an_address_becomes_an_alias_of_the_account_picked", async () => {
    const { session, view, select } = await opened();
    select("jordon.larch");

    await view.addAlias(view.cursor.subjects, fabrikam("robin.alder"));

    expect(session.toast.now?.text).toBe("jordon.larch is an alias of robin.alder now.");
  });

  it("p12_an_account_is_merged_only_after_it_was_asked", async () => {
    const { session, view } = await opened();
    const { row } = await session.bus.query("address", { address: fabrikam("sam.birch") });

    await view.addAlias([row], fabrikam("kim.cedar"));
    expect(view.merging?.text).toContain("is an account already");

    await view.merge();
    expect(view.merging).toBeNull();
    const after = await session.bus.query("address", { address: fabrikam("sam.birch") });
    expect(after.row).toMatchObject({ state: "alias", owner: fabrikam("kim.cedar") });
  });

  it("x05_a_week_more_keeps_the_row_on_the_list_and_moves_its_end", async () => {
    const { session, view, select } = await opened();
    select("jordon.larch");
    const before = view.cursor.currentRow?.ends_ms ?? 0;

    await view.giveWeek();
    await settle();

    expect(view.rows.total).toBe(7);
    expect(view.cursor.currentRow?.ends_ms).toBe(before + 7 * 86_400_000);
    expect(session.toast.now?.text).toBe("jordon.larch has a week more.");
  });

  it("p03_a_watched_address_can_be_promoted_deleted_or_never_added", async () => {
    const { session, view } = await opened();
    view.show("watching");
    await settle();
    const [first, second, third] = [0, 1, 2].map((index) => view.rows.at(index));

    await view.makeUsers(first === undefined ? [] : [first]);
    await view.remove(second === undefined ? [] : [second]);
    await view.neverAdd(third === undefined ? [] : [third]);
    await settle();

    const state = async (address = "") => (await session.bus.query("address", { address })).row.state;
    expect(await state(first?.address)).toBe("user");
    await expect(state(second?.address)).rejects.toMatchObject({ code: "not_found" });
    expect(await state(third?.address)).toBe("never_add");
  });

  it("x05_the_weekly_notice_counts_once_when_the_list_is_on_the_screen_and_not_on_another_list", async () => {
    const commands: string[] = [];
    const { view } = await opened((host) => ({
      ...host,
      command: (name, args) => {
        commands.push(name);
        return host.command(name, args);
      },
    }));
    view.discovery.start();
    await settle();

    view.show("watching");
    await view.noticeSeen();
    expect(commands).toEqual([]);

    view.show("discovered");
    await Promise.all([view.noticeSeen(), view.noticeSeen()]);
    expect(commands).toEqual(["notice_shown"]);
  });

  it("x05_a_notice_that_could_not_be_counted_is_counted_the_next_time", async () => {
    let refuse = true;
    const commands: string[] = [];
    const { view } = await opened((host) => ({
      ...host,
      command: (name, args) => {
        commands.push(name);
        return refuse ? Promise.reject({ code: "unavailable", message: "", detail: [] }) : host.command(name, args);
      },
    }));
    view.discovery.start();
    await settle();

    await view.noticeSeen();
    refuse = false;
    await view.noticeSeen();

    expect(commands).toEqual(["notice_shown", "notice_shown"]);
  });
});
