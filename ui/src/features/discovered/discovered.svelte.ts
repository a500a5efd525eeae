import { SvelteMap } from "svelte/reactivity";
import type { AddressesArgs, AddressRow, AddressSort, Changed } from "../../lib/api/types";
import { localOf } from "../../lib/format/address";
import { Cursor } from "../../lib/live/cursor.svelte";
import { Live } from "../../lib/live/live.svelte";
import { Pages } from "../../lib/live/pages.svelte";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

/** Those that wait for a decision, and parts of them. */
export const WAITING = ["discovered", "ending_soon", "likely_alias", "weak"] as const;
/** The views of the Watching tab: all, those that may still be found, and those that are never added (P03). */
export const WATCHED = ["watching", "unblocked", "never_add"] as const;
export type Filter = (typeof WAITING)[number] | (typeof WATCHED)[number];
const FILTERS: readonly Filter[] = [...WAITING, ...WATCHED];
export type Tab = "discovered" | "watching";
/** An alias that is an account already: merge the two, or not (P12). */
export interface Merge {
  rows: readonly AddressRow[];
  owner: string;
  text: string;
}
/** More people than seats: some, or another kind of account. */
export interface NoSeat {
  rows: readonly AddressRow[];
  free: number;
}
export interface Names {
  first: string;
  surname: string;
}

/** What the Discovered view knows and can do. No markup. */
export class Discovered {
  search = $state("");
  /** The search as it is asked: a little behind the typing. */
  asked = $state("");
  sort = $state<AddressSort>("ends");
  readonly rows: Pages<AddressRow>;
  readonly cursor: Cursor<AddressRow>;
  readonly detail: Live<"address">;
  readonly domains: Live<"domains">;
  readonly discovery: Live<"discovery">;
  /** People for whom no seat is left, and what they were to be made with. */
  noSeat = $state.raw<NoSeat | null>(null);
  /** The rows an account is looked for (D20). */
  aliasFor = $state.raw<readonly AddressRow[] | null>(null);
  merging = $state.raw<Merge | null>(null);
  private shown: number | null = null;
  /** Names typed for addresses that are not users yet. */
  readonly names = new SvelteMap<string, Names>();

  constructor(private readonly session: Session) {
    const args = () => ({
      ...statesOf(this.filter),
      sort: this.sort,
      ...(this.asked === "" ? {} : { search: this.asked }),
    });
    this.rows = new Pages<AddressRow>(
      session.bus,
      ["addresses"],
      (row) => row.address,
      (limit, offset) => session.bus.query("addresses", { ...args(), limit, offset }),
      () => JSON.stringify(args()),
    );
    this.cursor = new Cursor(this.rows, true);
    this.detail = new Live(session.bus, "address", () =>
      this.cursor.current === null ? null : { address: this.cursor.current },
    );
    this.domains = new Live(session.bus, "domains", () => ({}));
    this.discovery = new Live(session.bus, "discovery", () => ({}));
  }

  get filter(): Filter {
    const wanted = this.session.router.now.filter;
    return FILTERS.find((filter) => filter === wanted) ?? "discovered";
  }

  get tab(): Tab {
    return (WATCHED as readonly Filter[]).includes(this.filter) ? "watching" : "discovered";
  }

  /** The rows on the screen wait for a decision. */
  get deciding(): boolean {
    return this.tab === "discovered";
  }

  /** Names for an address: as typed, else as guessed. */
  namesOf(row: AddressRow): Names {
    const typed = this.names.get(row.address);
    return typed ?? { first: row.suggestion.first_name ?? "", surname: row.suggestion.surname ?? "" };
  }

  show(filter: Filter): void {
    this.cursor.checked.clear();
    this.cursor.current = null;
    const wasDeciding = this.deciding;
    const decides = (WAITING as readonly Filter[]).includes(filter);
    if (wasDeciding !== decides) this.sort = decides ? "ends" : "last_seen";
    this.session.router.refine(filter === "discovered" ? null : filter);
  }

  /** Where the seats do not last, it is asked first who waits (design 6.7). */
  makeUsers(rows = this.cursor.subjects): Promise<void> {
    const free = this.session.seats.value?.free ?? null;
    const more = rows.filter((row) => row.state !== "user").length;
    if (free !== null && more > free) {
      this.noSeat = { rows, free };
      return Promise.resolve();
    }
    return this.makeAll(rows);
  }

  /** Makes users of them, however many seats there are. */
  makeAll(rows: readonly AddressRow[]): Promise<void> {
    return this.act(rows, () => this.users(rows), words.discovered.done.users);
  }

  /** The first get the seats that are left, the others wait. */
  async seatFirst(): Promise<void> {
    const asked = this.noSeat;
    this.noSeat = null;
    if (asked !== null && asked.free > 0) await this.makeAll(asked.rows.slice(0, asked.free));
  }

  /** The first get the seats that are left, the others become functional accounts: both are taken back together. */
  async othersFunctional(): Promise<void> {
    const asked = this.noSeat;
    this.noSeat = null;
    if (asked === null) return;
    const [first, rest] = [asked.rows.slice(0, asked.free), asked.rows.slice(asked.free)];
    if (first.length === 0) return this.makeFunctional(rest);
    await this.together(asked.rows, () => [this.users(first), this.order("create_functional", rest)]);
  }

  makeFunctional(rows = this.cursor.subjects): Promise<void> {
    return this.act(rows, () => this.order("create_functional", rows), words.discovered.done.functional);
  }

  markInvalid(rows = this.cursor.subjects): Promise<void> {
    return this.act(rows, () => this.order("mark_invalid", rows), words.discovered.done.invalid);
  }

  neverAdd(rows = this.cursor.subjects): Promise<void> {
    return this.act(rows, () => this.order("never_add", rows), words.discovered.done.never);
  }

  remove(rows = this.cursor.subjects): Promise<void> {
    return this.act(rows, () => this.order("delete_address", rows), words.discovered.done.deleted);
  }

  /** The rows stay on the list, a week longer. */
  giveWeek(rows = this.cursor.subjects): Promise<void> {
    return this.act(rows, () => this.order("give_week", rows), words.discovered.done.week, false);
  }

  pin(pinned: boolean, rows = this.cursor.subjects): Promise<void> {
    const change = () => this.session.bus.command("pin_address", { addresses: rows.map((row) => row.address), pinned });
    const { done } = words.discovered;
    return this.act(rows, change, pinned ? done.pinned : done.unpinned, false);
  }

  /** Each becomes what it looks like. People whose names were typed become users with these; both are taken back together. */
  async addAsSuggested(rows = this.cursor.subjects): Promise<void> {
    const named = rows.filter((row) => row.suggestion.kind === "person" && this.names.has(row.address));
    const rest = rows.filter((row) => !named.includes(row));
    if (named.length === 0)
      return this.act(rows, () => this.order("add_as_suggested", rest), words.discovered.done.suggested);
    if (rest.length === 0) return this.makeUsers(rows);
    await this.together(rows, () => [this.users(named), this.order("add_as_suggested", rest)]);
  }

  /** Makes rows other names of an account. One that is an account itself is asked about first (P12). */
  async addAlias(rows: readonly AddressRow[], owner: string, merge = false): Promise<void> {
    const addresses = rows.map((row) => row.address);
    const answer = await this.session.attempt(
      "decide",
      () => this.session.bus.command("add_alias", { addresses, owner, merge }),
      (fault) => {
        if (fault.code === "conflict" && !merge) this.merging = { rows, owner, text: fault.message };
        else this.session.toast.refuse(fault);
      },
    );
    if (answer === null) return;
    this.session.changed(answer, (n, first) => words.discovered.done.aliases(n, first, localOf(owner)));
    this.cursor.moveOn(new Set(addresses));
  }

  /** The answer to the question whether two accounts are merged is yes. */
  async merge(): Promise<void> {
    const asked = this.merging;
    this.merging = null;
    if (asked !== null) await this.addAlias(asked.rows, asked.owner, true);
  }

  /** The list is on the screen, so the weekly notice was seen: it counts, once (X05). */
  async noticeSeen(): Promise<void> {
    const notice = this.discovery.value?.notice ?? null;
    if (notice === null || notice.at_ms === this.shown || this.filter !== "discovered") return;
    this.shown = notice.at_ms;
    try {
      await this.session.bus.command("notice_shown", {});
    } catch {
      // It counts the next time the list is looked at.
      this.shown = null;
    }
  }

  private order(
    name: "create_functional" | "mark_invalid" | "never_add" | "delete_address" | "give_week" | "add_as_suggested",
    rows: readonly AddressRow[],
  ): Promise<Changed> {
    return this.session.bus.command(name, { addresses: rows.map((row) => row.address) });
  }

  private users(rows: readonly AddressRow[]): Promise<Changed> {
    const named = rows.map((row) => {
      const names = this.namesOf(row);
      return { address: row.address, first_name: names.first.trim(), surname: names.surname.trim() };
    });
    return this.session.createUsers(named);
  }

  /** Several commands that are one decision to whoever made it: one sentence, one Undo. */
  private async together(rows: readonly AddressRow[], change: () => Promise<Changed>[]): Promise<void> {
    await this.session.attempt("decide", async () => {
      const entries = (await Promise.all(change())).map((answer) => answer.entry).filter((entry) => entry !== null);
      for (const entry of entries) this.session.remember(entry);
      this.session.offerUndo(words.discovered.done.suggested(rows.length, ""), entries);
      this.cursor.moveOn(new Set(rows.map((row) => row.address)));
    });
  }

  private async act(
    rows: readonly AddressRow[],
    change: () => Promise<Changed>,
    said: (count: number, first: string) => string,
    leaves = true,
  ): Promise<void> {
    const first = rows[0];
    if (first === undefined) return;
    await this.session.attempt("decide", async () => {
      const answer = await change();
      this.session.changed(answer, (count) => said(count, localOf(answer.addresses[0] ?? first.address)));
      if (leaves) this.cursor.moveOn(new Set(rows.map((row) => row.address)));
    });
  }
}

/** What the engine is asked for. */
function statesOf(filter: Filter): Pick<AddressesArgs, "state" | "states" | "only"> {
  switch (filter) {
    case "ending_soon":
    case "likely_alias":
    case "weak":
      return { state: "discovered", only: filter };
    case "watching":
      return { states: ["watching", "never_add"] };
    case "unblocked":
      return { state: "watching" };
    default:
      return { state: filter };
  }
}
