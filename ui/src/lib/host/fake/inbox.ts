// What people are told, as the engine's catalogue words it.
import type {
  Changed,
  Command,
  Inbox,
  InboxActed,
  InboxArgs,
  InboxButton,
  InboxRow,
  NotificationKind,
  NotificationSettings,
} from "../../api/types";
import type { FakeAddresses } from "./addresses";
import * as data from "./data";
import { decide } from "./decisions";
import { fault, type Told } from "./told";

const MAKE: [InboxButton, InboxButton, InboxButton] = [
  { action: "make_user", label: "Make user" },
  { action: "make_functional", label: "Functional" },
  { action: "mark_invalid", label: "Not real" },
];
const ENDING: InboxButton[] = [
  { action: "add_as_suggested", label: "Add as suggested" },
  { action: "give_week", label: "Give them a week" },
];
const KINDS: [string, string, NotificationKind["level"]][] = [
  ["new_addresses", "New addresses", "normal"],
  ["ending", "Addresses that end soon", "normal"],
  ["weekly", "Weekly notice", "normal"],
  ["wanted", "Ended addresses that still get mail", "normal"],
  ["aliases_added", "Aliases added by themselves", "quiet"],
  ["users_added", "Users added by themselves", "normal"],
  ["seats", "Seats nearly or all used", "normal"],
  ["server_away", "Mail server doesn’t answer", "urgent"],
  ["server_back", "Mail server is back", "quiet"],
];

type About = Pick<InboxRow, "kind" | "title" | "text"> & Partial<InboxRow>;

/** The inbox and what is wanted of it. */
export class FakeInbox {
  private rows: InboxRow[] = [];
  private quiet = { on: true, from: "18:00", until: "08:00", weekends: true };
  private off = new Set<string>();
  private on = true;

  constructor(
    private readonly told: Told,
    private readonly addresses: FakeAddresses,
    private readonly switched: (on: boolean) => void,
  ) {}

  fill(): void {
    const two = ["jordan.larch@fabrikam.example", "warehouse@fabrikam.example"];
    this.add({
      kind: "server_back",
      title: "Mail server is back",
      text: "It was away 4 minutes. 9 kept messages go out now.",
      level: "quiet",
      posted_ms: data.at(2, 14, 36),
      state: "read",
      view: { section: "mail_flow", filter: null, address: null },
    });
    this.add({
      kind: "aliases_added",
      title: "Alias added",
      text: "r.alder now belongs to robin.alder.",
      level: "quiet",
      posted_ms: data.at(1, 11, 8),
      state: "dealt_with",
      view: { section: "people", filter: "alias", address: "r.alder@fabrikam.example" },
    });
    this.add({
      kind: "ending",
      title: "2 addresses stop getting mail on Monday",
      text: "jordan.larch and warehouse are still waiting for your decision.",
      buttons: ENDING,
      addresses: two,
      count: 2,
      posted_ms: data.at(0, 10, 0),
    });
  }

  /** An address reached the threshold. */
  found(address: string): void {
    const local = address.slice(0, address.indexOf("@"));
    const person = this.addresses.rowOf(address)?.suggestion.kind === "person";
    const [user, functional, invalid] = MAKE;
    this.add({
      kind: "new_addresses",
      title: `New address: ${local}`,
      text: person
        ? "Looks like a real person: 3 clean messages. Uses 1 seat."
        : "Looks like a functional account: 3 clean messages. Uses no seat.",
      buttons: person ? MAKE : [functional, user, invalid],
      addresses: [address],
      view: { section: "discovered", filter: "discovered", address },
    });
  }

  list(args: InboxArgs): Inbox {
    const rows = this.rows.map((row) => this.asItIs(row));
    const wanted = args.unread_only === true ? rows.filter((row) => row.state === "unread") : rows;
    const limit = args.limit ?? 100;
    const page = wanted.filter((row) => args.cursor === undefined || row.id < args.cursor).slice(0, limit);
    const next = page.length === limit && page.length < wanted.length ? (page.at(-1)?.id ?? null) : null;
    return { rows: page, next, unread: rows.filter((row) => row.state === "unread").length };
  }

  settings(): NotificationSettings {
    const kinds = KINDS.map(([kind, title, level]) => ({ kind, title, level, on: !this.off.has(kind) }));
    return { on: this.on, quiet: this.quiet, quiet_until_ms: null, kinds };
  }

  /** Carries out what it knows; undefined for a command about something else. */
  command(command: Command): unknown {
    switch (command.name) {
      case "inbox_read": {
        const { ids } = command.args;
        this.rows = this.rows.map((row) =>
          row.state === "unread" && (ids === undefined || ids.includes(row.id)) ? { ...row, state: "read" } : row,
        );
        this.told.tell(["notifications"]);
        return this.list({});
      }
      case "inbox_act":
        return this.act(command.args.id, command.args.action);
      case "notification_shown":
        return { counted: 0 };
      case "set_notification_settings": {
        const { on, quiet, off } = command.args;
        this.on = on ?? this.on;
        this.quiet = quiet ?? this.quiet;
        this.off = off === undefined ? this.off : new Set(off);
        this.switched(this.on);
        this.told.tell(["notifications", "setup", "health"]);
        return this.settings();
      }
      default:
        return undefined;
    }
  }

  private act(id: number, action: string): InboxActed {
    const row = this.rows.find((one) => one.id === id);
    if (row === undefined) throw fault("not_found", "There is no such notification.");
    const standing = this.standing(row);
    if (standing.length === 0)
      throw fault("conflict", "Somebody decided about this meanwhile, so nothing was done. Look again.");
    const done = this.carry(action, standing);
    this.rows = this.rows.map((one) => (one.id === id ? { ...one, state: "dealt_with" } : one));
    this.told.tell(["notifications"]);
    const local = standing[0]?.slice(0, standing[0].indexOf("@")) ?? "";
    const said: Record<string, string> = {
      make_user: `${local} is a user now.`,
      make_functional: `${local} is a functional account now.`,
      mark_invalid: `Mail to ${local} is refused from now on.`,
      add_as_suggested: `${standing.length} addresses are added as suggested.`,
      give_week: `${standing.length} addresses have a week more.`,
    };
    const entries = done.entry === null ? [] : [done.entry];
    return { entries, said: said[action] ?? "", addresses: done.addresses };
  }

  private carry(action: string, addresses: string[]): Changed {
    const bare = { invalid_reason: null, role: null };
    switch (action) {
      case "make_user":
        return this.addresses.createUsers({ users: addresses.map((address) => ({ address })) }) as Changed;
      case "make_functional":
        return this.addresses.change("create_functional", addresses, { ...bare, state: "functional" }) as Changed;
      case "mark_invalid":
        return this.addresses.change("mark_invalid", addresses, {
          ...bare,
          state: "invalid",
          invalid_reason: "manual",
        }) as Changed;
      default:
        return decide(this.addresses, this.told.now, { name: action, args: { addresses } } as Command) as Changed;
    }
  }

  private standing(row: InboxRow): string[] {
    return row.addresses.filter((address) => this.addresses.rowOf(address)?.state === "discovered");
  }

  private asItIs(row: InboxRow): InboxRow {
    const over = row.state === "dealt_with" || (row.buttons.length > 0 && this.standing(row).length === 0);
    return over ? { ...row, state: "dealt_with", buttons: [] } : row;
  }

  private add(about: About): void {
    const at = about.posted_ms ?? this.told.now;
    const row: InboxRow = {
      id: this.rows.length + 1,
      tag: about.kind,
      level: "normal",
      buttons: [],
      view: { section: "discovered", filter: "discovered", address: null },
      addresses: [],
      count: about.addresses?.length ?? 0,
      made_ms: at,
      changed_ms: at,
      posted_ms: at,
      shown_ms: null,
      state: "unread",
      ...about,
    };
    this.rows = [row, ...this.rows];
  }
}
