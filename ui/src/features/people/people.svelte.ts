import type { AddressRow, AddressSort, Changed, RoleWord } from "../../lib/api/types";
import { localOf, nameOf } from "../../lib/format/address";
import { Cursor } from "../../lib/live/cursor.svelte";
import { Live } from "../../lib/live/live.svelte";
import { Pages } from "../../lib/live/pages.svelte";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

export const TABS = ["user", "functional", "alias", "invalid"] as const;
export type Tab = (typeof TABS)[number];

/** What the People view knows and can do. No markup. */
export class People {
  search = $state("");
  asked = $state("");
  sort = $state<AddressSort>("last_seen");
  readonly rows: Pages<AddressRow>;
  readonly cursor: Cursor<AddressRow>;
  readonly detail: Live<"address">;
  /** The account that is to become another name of one (M11). */
  aliasFor = $state.raw<AddressRow | null>(null);

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
    this.cursor = new Cursor(this.rows, false);
    this.detail = new Live(session.bus, "address", () =>
      this.cursor.current === null ? null : { address: this.cursor.current },
    );
  }

  get tab(): Tab {
    const wanted = this.session.router.now.filter;
    return TABS.find((tab) => tab === wanted) ?? "user";
  }

  show(tab: Tab): void {
    this.cursor.current = null;
    this.session.router.refine(tab === "user" ? null : tab);
  }

  async makeUser(row: AddressRow, role?: RoleWord): Promise<void> {
    const names = {
      first_name: row.first_name ?? row.suggestion.first_name,
      surname: row.surname ?? row.suggestion.surname,
    };
    const users = [
      {
        address: row.address,
        ...(names.first_name ? { first_name: names.first_name } : {}),
        ...(names.surname ? { surname: names.surname } : {}),
      },
    ];
    const change = () => this.session.bus.command("create_user", { users, ...(role === undefined ? {} : { role }) });
    await this.act(row, change, words.discovered.done.users);
  }

  async makeFunctional(row: AddressRow): Promise<void> {
    const change = () => this.session.bus.command("create_functional", { addresses: [row.address] });
    await this.act(row, change, words.discovered.done.functional);
  }

  /** Makes an account another name of `owner`; its own other names go along (P12, M11). */
  async makeAlias(row: AddressRow, owner: string): Promise<void> {
    const change = () => this.session.bus.command("add_alias", { addresses: [row.address], owner, merge: true });
    await this.act(row, change, (n, first) => words.discovered.done.aliases(n, first, localOf(owner)));
  }

  async markInvalid(row: AddressRow): Promise<void> {
    const change = () => this.session.bus.command("mark_invalid", { addresses: [row.address] });
    await this.act(row, change, words.discovered.done.invalid);
  }

  async removeInvalid(row: AddressRow): Promise<void> {
    const change = () => this.session.bus.command("remove_invalid", { addresses: [row.address] });
    await this.act(row, change, words.discovered.done.removed);
  }

  /** Off every list, for 30 days with Undo (T21). */
  async remove(row: AddressRow): Promise<void> {
    const change = () => this.session.bus.command("delete_address", { addresses: [row.address] });
    await this.act(row, change, words.discovered.done.deleted);
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

  private async act(
    row: AddressRow,
    change: () => Promise<Changed>,
    said: (count: number, first: string) => string,
  ): Promise<void> {
    await this.session.attempt("decide", async () => {
      const answer = await change();
      this.session.changed(answer, (count) => said(count, localOf(row.address)));
      this.cursor.moveOn(new Set([row.address]));
    });
  }
}
