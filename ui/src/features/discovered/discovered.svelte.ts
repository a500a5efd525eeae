import { SvelteMap } from "svelte/reactivity";
import type { AddressRow, AddressSort, Changed } from "../../lib/api/types";
import { localOf } from "../../lib/format/address";
import { Cursor } from "../../lib/live/cursor.svelte";
import { Live } from "../../lib/live/live.svelte";
import { Pages } from "../../lib/live/pages.svelte";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

export type Filter = "discovered" | "watching";
export interface Names {
  first: string;
  surname: string;
}

/** What the Discovered view knows and can do. No markup. */
export class Discovered {
  search = $state("");
  /** The search as it is asked: a little behind the typing. */
  asked = $state("");
  sort = $state<AddressSort>("discovered");
  readonly rows: Pages<AddressRow>;
  readonly cursor: Cursor<AddressRow>;
  readonly detail: Live<"address">;
  readonly domains: Live<"domains">;
  /** Names typed for addresses that are not users yet. */
  readonly names = new SvelteMap<string, Names>();

  constructor(private readonly session: Session) {
    const args = () => ({
      state: this.filter,
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
  }

  get filter(): Filter {
    return this.session.router.now.filter === "watching" ? "watching" : "discovered";
  }

  /** Names for an address: as typed, else as guessed. */
  namesOf(row: AddressRow): Names {
    const typed = this.names.get(row.address);
    return typed ?? { first: row.suggestion.first_name ?? "", surname: row.suggestion.surname ?? "" };
  }

  show(filter: Filter): void {
    this.cursor.checked.clear();
    this.cursor.current = null;
    this.sort = filter === "discovered" ? "discovered" : "last_seen";
    this.session.router.refine(filter === "discovered" ? null : filter);
  }

  makeUsers(rows = this.cursor.subjects): Promise<void> {
    return this.act("user", rows, () => this.users(rows), words.discovered.done.users);
  }

  makeFunctional(rows = this.cursor.subjects): Promise<void> {
    const change = () => this.session.bus.command("create_functional", { addresses: rows.map((row) => row.address) });
    return this.act("functional", rows, change, words.discovered.done.functional);
  }

  markInvalid(rows = this.cursor.subjects): Promise<void> {
    const change = () => this.session.bus.command("mark_invalid", { addresses: rows.map((row) => row.address) });
    return this.act("invalid", rows, change, words.discovered.done.invalid);
  }

  /** People become users, the rest functional accounts: two decisions that are taken back together. */
  async addAsSuggested(rows = this.cursor.subjects): Promise<void> {
    const people = rows.filter((row) => row.suggestion.kind === "person");
    const others = rows.filter((row) => row.suggestion.kind === "functional");
    if (others.length === 0) return this.makeUsers(rows);
    if (people.length === 0) return this.makeFunctional(rows);
    await this.session.attempt("decide", async () => {
      const entries = [
        (await this.users(people)).entry,
        (await this.session.bus.command("create_functional", { addresses: others.map((row) => row.address) })).entry,
      ].filter((entry) => entry !== null);
      for (const entry of entries) this.session.remember(entry);
      this.session.offerUndo(words.discovered.done.suggested(people.length, others.length), entries);
      this.cursor.moveOn(new Set(rows.map((row) => row.address)));
    });
  }

  private users(rows: readonly AddressRow[]): Promise<Changed> {
    const named = rows.map((row) => {
      const names = this.namesOf(row);
      return { address: row.address, first_name: names.first.trim(), surname: names.surname.trim() };
    });
    return this.session.createUsers(named);
  }

  private async act(
    _kind: string,
    rows: readonly AddressRow[],
    change: () => Promise<Changed>,
    said: (count: number, first: string) => string,
  ): Promise<void> {
    const first = rows[0];
    if (first === undefined) return;
    await this.session.attempt("decide", async () => {
      const answer = await change();
      this.session.changed(answer, (count) => said(count, localOf(answer.addresses[0] ?? first.address)));
      this.cursor.moveOn(new Set(rows.map((row) => row.address)));
    });
  }
}
