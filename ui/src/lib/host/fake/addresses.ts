import type {
  AddressDetail,
  AddressOnly,
  AddressesArgs,
  AddressRow,
  CachedAnswer,
  CreateUserArgs,
  JournalEntry,
  SetNameArgs,
  StateCounts,
  WaitingCounts,
} from "../../api/types";
import * as data from "./data";
import { fault, type Told } from "./told";

/** Addresses, what was decided about them, and what the mail server said of them. */
export class FakeAddresses {
  journal: JournalEntry[] = [];
  private rows = new Map<string, AddressRow>();
  private before = new Map<number, (AddressRow | string)[]>();
  /** What the mail server said of addresses lately. */
  private cached = new Map<string, CachedAnswer>();

  constructor(private readonly told: Told) {}

  fill(rows: number): void {
    const learning = this.told.mood === "learning";
    const usual = (): AddressRow[] => [...data.discovered(), ...data.watching(), ...data.users(), ...data.others()];
    const all = rows > 0 ? data.many(rows) : learning ? data.watching() : usual();
    for (const row of all) this.rows.set(row.address, row);
    this.cached = new Map(data.cachedAnswers());
    if (this.told.mood === "ready" || this.told.mood === "down") this.journal = data.journal();
  }

  get size(): number {
    return this.rows.size;
  }

  counts(): StateCounts {
    const none = { watching: 0, discovered: 0, user: 0, functional: 0, alias: 0, inactive: 0, invalid: 0 };
    const counts: StateCounts = { ...none, never_add: 0 };
    for (const row of this.rows.values()) counts[row.state] += 1;
    return counts;
  }

  list(args: AddressesArgs): unknown {
    const text = args.search?.toLowerCase() ?? "";
    const states = args.only == null ? (args.state == null ? args.states : [args.state]) : ["discovered" as const];
    const fits = (row: AddressRow): boolean =>
      (states == null || states.includes(row.state)) &&
      (args.only == null || this.foretold[args.only](row)) &&
      (text === "" || `${row.address} ${row.first_name ?? ""} ${row.surname ?? ""}`.toLowerCase().includes(text));
    const order: Record<string, (row: AddressRow) => number> = {
      last_seen: (row) => -row.last_seen_ms,
      discovered: (row) => row.discovered_ms ?? Infinity,
      clean_count: (row) => -row.clean_count,
      ends: (row) => row.ends_ms ?? Infinity,
    };
    const by = order[args.sort ?? "address"];
    const rows = [...this.rows.values()]
      .filter(fits)
      .sort((a, b) => (by === undefined ? 0 : by(a) - by(b) || 0) || a.address.localeCompare(b.address));
    const offset = args.offset ?? 0;
    const page = rows.slice(offset, offset + (args.limit ?? 100)).map((row) => this.counted(row));
    const waiting = states?.length === 1 && states[0] === "discovered" ? this.waiting() : null;
    return { rows: page, total: rows.length, is_more: false, counts: this.counts(), waiting };
  }

  /** The other names of an account. */
  private aliasesOf(owner: string): AddressRow[] {
    return this.rowsIn("alias").filter((row) => row.owner === owner);
  }

  /** With what the engine counts for each row. */
  private counted(row: AddressRow): AddressRow {
    return row.state === "user" || row.state === "functional"
      ? { ...row, aliases: this.aliasesOf(row.address).length }
      : row;
  }

  /** What is foretold of a row that waits for a decision. */
  private readonly foretold: Record<AddressOnly, (row: AddressRow) => boolean> = {
    ending_soon: (row) => row.ends_ms !== null && row.ends_ms <= this.told.now + 5 * data.DAY,
    likely_alias: (row) => row.suggestion.kind === "alias",
    weak: (row) => row.strength.verdict === "weak",
  };

  private waiting(): WaitingCounts {
    const rows = this.rowsIn("discovered");
    const count = (only: AddressOnly): number => rows.filter(this.foretold[only]).length;
    return { ending_soon: count("ending_soon"), likely_alias: count("likely_alias"), weak: count("weak"), can_wait: 0 };
  }

  detail(address: string): AddressDetail {
    const row = this.rows.get(address);
    if (row === undefined) throw fault("not_found", `Nothing is known about ${address}.`);
    const aliases = this.aliasesOf(address);
    return {
      row: { ...row, aliases: aliases.length },
      aliases: aliases.map(({ address, made_by, source }) => ({ address, made_by, source })),
      score: scoreOf(row),
      evidence: data.evidenceOf(row),
      journal: this.journal.filter((entry) => entry.addresses.includes(address)),
      cached: this.saidOf(address),
      fresh: null,
      reverify:
        row.state === "user" || row.state === "functional"
          ? { next_ms: data.at(-2, 4, 10), refusals: row.suspect_ms === null ? 0 : 3 }
          : null,
    };
  }

  saidOf(address: string): CachedAnswer | null {
    return this.cached.get(address) ?? null;
  }

  /** Forgets what was said of one address, or of all. */
  forget(address: string | undefined): { forgotten: number } {
    const forgotten = address === undefined ? this.cached.size : Number(this.cached.delete(address));
    if (address === undefined) this.cached.clear();
    this.told.tell(["journal"]);
    return { forgotten };
  }

  /** A message came: for a new address it is evidence, at the third it is discovered. True when it was just found. */
  seen(address: string): boolean {
    const { now } = this.told;
    const known =
      this.rows.get(address) ??
      data.row(address, "watching", {
        clean_count: 0,
        discovered_ms: null,
        first_seen_ms: now,
        strength: { verdict: "weak", reason: "below_threshold" },
      });
    const clean_count = known.clean_count + 1;
    const found = known.state === "watching" && clean_count >= 3;
    const change: Partial<AddressRow> = found
      ? {
          state: "discovered",
          discovered_ms: now,
          changed_ms: now,
          strength: { verdict: "strong", reason: "recognised_by_server" },
        }
      : {};
    this.rows.set(address, { ...known, clean_count, last_seen_ms: now, ...change });
    return found;
  }

  createUsers(args: CreateUserArgs): unknown {
    const named = new Map(args.users.map((user) => [user.address, user]));
    return this.change(
      "create_user",
      [...named.keys()],
      { state: "user", role: args.role ?? "silent", invalid_reason: null },
      (row) => {
        const user = named.get(row.address);
        return {
          first_name: user?.first_name ?? row.suggestion.first_name,
          surname: user?.surname ?? row.suggestion.surname,
        };
      },
    );
  }

  setName(args: SetNameArgs): unknown {
    const names = { first_name: args.first_name || null, surname: args.surname || null };
    return this.change("set_name", [args.address], names);
  }

  change(
    action: string,
    addresses: string[],
    change: Partial<AddressRow>,
    more: (row: AddressRow) => Partial<AddressRow> = () => ({}),
  ): unknown {
    for (const address of addresses)
      if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw fault("invalid", `${address} is not an address.`);
    const { now } = this.told;
    const old: (AddressRow | string)[] = [];
    const touched: string[] = [];
    const unchanged: string[] = [];
    for (const address of addresses) {
      const known = this.rows.get(address);
      const sameRole = change.role == null || known?.role === change.role;
      if (known !== undefined && change.state !== undefined && known.state === change.state && sameRole) {
        unchanged.push(address);
        continue;
      }
      const byHand = { source: "manual", clean_count: 0, first_seen_ms: now, last_seen_ms: now, discovered_ms: null };
      const row = known ?? data.row(address, "watching", byHand);
      old.push(known ?? address);
      touched.push(address);
      this.rows.set(address, { ...row, ...change, ...more(row), changed_ms: now });
    }
    if (touched.length === 0) return { entry: null, addresses: [], unchanged };
    return { entry: this.record(action, touched, old), addresses: touched, unchanged };
  }

  inState(state: AddressRow["state"]): string[] {
    return this.rowsIn(state).map((row) => row.address);
  }

  rowsIn(state: AddressRow["state"]): AddressRow[] {
    return [...this.rows.values()].filter((row) => row.state === state);
  }

  /** The row of an address, as it stands. */
  rowOf(address: string): AddressRow | undefined {
    return this.rows.get(address);
  }

  /** Takes rows off every list. */
  remove(action: string, addresses: string[]): unknown {
    const rows = addresses.map((address) => this.rows.get(address)).filter((row) => row !== undefined);
    for (const row of rows) this.rows.delete(row.address);
    return { entry: this.record(action, addresses, rows), addresses, unchanged: [] };
  }

  undo(entry: number): unknown {
    const found = this.journal.find((row) => row.entry === entry);
    if (found === undefined || !found.undoable)
      throw fault("conflict", "This can’t be taken back any more.", "the row changed since");
    for (const row of this.before.get(entry) ?? []) {
      if (typeof row === "string") this.rows.delete(row);
      else this.rows.set(row.address, row);
    }
    this.journal = this.journal.map((row) => (row.entry === entry ? { ...row, undoable: false, undone: true } : row));
    this.record("undo", found.addresses, []);
    return { entry: null, addresses: found.addresses, unchanged: [] };
  }

  private record(action: string, addresses: string[], before: (AddressRow | string)[]): number {
    const entry = (this.journal[0]?.entry ?? 0) + 1;
    this.before.set(entry, before);
    const row: JournalEntry = {
      entry,
      at_ms: this.told.now,
      who: "technician",
      action,
      why: "Decided by the operator",
      addresses: addresses.slice(0, 5),
      count: addresses.length,
      undoable: action !== "undo",
      undone: false,
    };
    this.journal = [row, ...this.journal];
    this.told.tell(["addresses", "journal"]);
    return entry;
  }
}

/** As the engine says it (X03). */
function scoreOf(row: AddressRow): string {
  if (row.strength.reason === "server_contradicts") return "Probably a typing mistake";
  if (row.strength.reason === "below_threshold") return "Not enough seen yet";
  if (row.suggestion.kind === "functional") return "Looks like a shared mailbox";
  return row.strength.verdict === "strong" ? "Surely a person" : "Looks like a person";
}
