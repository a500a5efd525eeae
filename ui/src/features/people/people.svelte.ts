import type { AccountKindWord, AddressRow, AddressSort, Changed, RoleWord } from "../../lib/api/types";
import { localOf, nameOf } from "../../lib/format/address";
import { Cursor } from "../../lib/live/cursor.svelte";
import { Live } from "../../lib/live/live.svelte";
import { Pages } from "../../lib/live/pages.svelte";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

export const TABS = ["user", "functional", "alias", "inactive", "invalid"] as const;
export type Tab = (typeof TABS)[number];

/** What the People view knows and can do. No markup. */
export class People {
  search = $state("");
  asked = $state("");
  sort = $state<AddressSort>("last_seen");
  readonly rows: Pages<AddressRow>;
  readonly cursor: Cursor<AddressRow>;
  readonly detail: Live<"address">;
  /** The accounts that are to become other names of one (M11, P12). */
  aliasFor = $state.raw<readonly AddressRow[] | null>(null);
  /** What the directory is called that made some of them; `null` while that is not known. */
  directory = $state<string | null>(null);
  /** The profile that was closed while its row stays selected (M06). */
  closed = $state<string | null>(null);

  /** What has just become a main address, until its profile has the keyboard. */
  madeMain = $state<string | null>(null);

  constructor(private readonly session: Session) {
    const args = () => ({
      state: this.tab,
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
  }

  get tab(): Tab {
    const wanted = this.session.router.now.filter;
    return TABS.find((tab) => tab === wanted) ?? "user";
  }

  /** The profile that is open. */
  get shown(): string | null {
    return this.cursor.current === this.closed ? null : this.cursor.current;
  }

  show(tab: Tab): void {
    this.cursor.checked.clear();
    this.cursor.current = null;
    this.session.router.refine(tab === "user" ? null : tab);
  }

  /** Back to the list, where the row stays selected. */
  close(): void {
    this.closed = this.cursor.current;
    this.cursor.focusWanted += 1;
  }

  /** Users need seats; where they do not last, the engine says so. */
  async makeUsers(rows: readonly AddressRow[], role?: RoleWord): Promise<void> {
    const users = rows.map((row) => {
      const first_name = row.first_name ?? row.suggestion.first_name;
      const surname = row.surname ?? row.suggestion.surname;
      return { address: row.address, ...(first_name ? { first_name } : {}), ...(surname ? { surname } : {}) };
    });
    const change = () => this.session.bus.command("create_user", { users, ...(role === undefined ? {} : { role }) });
    await this.act(rows, change, words.discovered.done.users);
  }

  makeFunctional(rows: readonly AddressRow[]): Promise<void> {
    return this.order("create_functional", rows, words.discovered.done.functional);
  }

  markInvalid(rows: readonly AddressRow[]): Promise<void> {
    return this.order("mark_invalid", rows, words.discovered.done.invalid);
  }

  removeInvalid(rows: readonly AddressRow[]): Promise<void> {
    return this.order("remove_invalid", rows, words.discovered.done.removed);
  }

  /** Off every list, for 30 days with Undo (T21). */
  remove(rows: readonly AddressRow[]): Promise<void> {
    return this.order("delete_address", rows, words.discovered.done.deleted);
  }

  /** Makes accounts other names of `owner`; their own other names go along (P12, M11). */
  async makeAlias(rows: readonly AddressRow[], owner: string): Promise<void> {
    const addresses = rows.map((row) => row.address);
    const change = () => this.session.bus.command("add_alias", { addresses, owner, merge: true });
    await this.act(rows, change, (n, first) => words.people.bulk.merged(n, first, localOf(owner)));
  }

  /** What users may do (D05). They stay where they are. */
  async setRole(rows: readonly AddressRow[], role: RoleWord): Promise<void> {
    const users = rows.map((row) => ({ address: row.address }));
    const change = () => this.session.bus.command("create_user", { users, role });
    await this.act(rows, change, words.people.bulk.roles, false);
  }

  /** Who is named as an organization administrator. */
  async setAdministrator(rows: readonly AddressRow[], on: boolean): Promise<void> {
    const addresses = rows.map((row) => row.address);
    const change = () => this.session.bus.command("set_administrator", { addresses, on });
    await this.act(rows, change, words.people.bulk.administrator, false);
  }

  /** What functional accounts are for (Z07). */
  async setKind(rows: readonly AddressRow[], kind: AccountKindWord | null): Promise<void> {
    const addresses = rows.map((row) => row.address);
    const change = () => this.session.bus.command("set_kind", { addresses, kind });
    await this.act(rows, change, words.people.bulk.kinds, false);
  }

  /** Off the Invalid list again, to be decided later; what is kept for it is delivered (X06). */
  async restore(row: AddressRow): Promise<void> {
    await this.session.attempt("decide", async () => {
      const args = { address: row.address, as: "discovered" } as const;
      const { messages, ...done } = await this.session.bus.command("restore_and_deliver", args);
      const said = words.fresh.restored(localOf(row.address), messages);
      this.session.changed({ ...done, unchanged: [] }, () => said);
      this.cursor.moveOn(new Set([row.address]));
    });
  }

  /** Stores names as they stand in the fields; the row stays where it is. */
  async rename(row: AddressRow, first: string, surname: string): Promise<boolean> {
    const names = { first_name: first.trim(), surname: surname.trim() };
    const answer = await this.session.attempt("rename", () =>
      this.session.bus.command("set_name", { address: row.address, ...names }),
    );
    if (answer === null) return false;
    const name = nameOf(names);
    const said = name === null ? words.discovered.done.nameCleared : words.discovered.done.named(name);
    if (answer.entry !== null) this.session.changed(answer, () => said);
    return true;
  }

  /** The account stands under another of its addresses; the panel goes on showing it. */
  async makeMain(row: AddressRow, address: string): Promise<void> {
    const answer = await this.session.attempt("alias", () => this.session.bus.command("set_main_address", { address }));
    if (answer === null) return;
    this.session.changed(answer, () => words.people.mainMade(address));
    this.cursor.checked.delete(row.address);
    this.cursor.current = this.madeMain = address;
  }

  private order(
    name: "create_functional" | "mark_invalid" | "remove_invalid" | "delete_address",
    rows: readonly AddressRow[],
    said: (count: number, first: string) => string,
  ): Promise<void> {
    return this.act(rows, () => this.session.bus.command(name, { addresses: rows.map((row) => row.address) }), said);
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
      const named = rows.length === 1 ? localOf(first.address) : localOf(answer.addresses[0] ?? first.address);
      this.session.changed(answer, () => said(rows.length, named));
      if (leaves) this.cursor.moveOn(new Set(rows.map((row) => row.address)));
      else this.cursor.checked.clear();
    });
  }
}
