import type { Command, FreshInvalid, MailLogRow, Observed, Restored, Shadow } from "../../api/types";
import type { FakeAddresses } from "./addresses";
import * as data from "./data";
import { fault, type Told } from "./told";

const SUBJECTS = ["Your booking for Tuesday", "Re: Site visit photos"];
const RESTORED = {
  discovered: { state: "discovered", role: null },
  user: { state: "user", role: "silent" },
  functional: { state: "functional", role: null },
} as const;

/** Shadow mode, mail for addresses that ended, and who is only observed. `watching` has shadow mode on. */
export class FakeShadow {
  private until: number | null;
  private delivered = new Set<string>();

  constructor(
    private readonly told: Told,
    private readonly addresses: FakeAddresses,
    private readonly log: () => readonly MailLogRow[],
    watching: boolean,
  ) {
    this.until = watching ? data.at(-5, 9, 0) : null;
  }

  shadow(): Shadow | null {
    if (this.until === null) return null;
    const would_refuse = this.log().filter((row) => row.would_refuse !== null).length;
    return { since_ms: data.at(2, 9, 0), until_ms: this.until, would_refuse };
  }

  /** What is known of an address that ended by itself lately. */
  freshOf(address: string): FreshInvalid | null {
    const local = address.split("@")[0] ?? "";
    if (local === "webmaster1") {
      const senders = ["promo@offers.example", "board@litware.example"];
      const ended_ms = data.at(11, 11, 20);
      return { ended_ms, until_ms: data.at(-3, 11, 20), defers_until_ms: null, held: [], turned_away: 12, senders };
    }
    if (local !== "test") return null;
    const held = SUBJECTS.map((subject, place) => ({
      queue_id: `0K3ZQ7HELD0${place}`,
      sender: place === 0 ? "booking@contoso.example" : "plan@northwind.example",
      subject,
      size_bytes: 18_400,
      arrived_ms: data.at(place, 9, 40),
      keep_until_ms: data.at(place - 14, 9, 40),
    }));
    return {
      ended_ms: data.at(3, 9, 0),
      until_ms: data.at(-11, 9, 0),
      defers_until_ms: null,
      held: this.delivered.has(address) ? [] : held,
      turned_away: 0,
      senders: [],
    };
  }

  observed(): Observed {
    const seen = ["public.folders", "copier", "martha.oak", "till"].map((local, place) => {
      const { address, suggestion } = data.row(local, "watching");
      return {
        address,
        suggestion,
        messages: 31 - place * 9,
        first_ms: data.at(12, 8, 0),
        last_ms: data.at(place, 9, 5),
      };
    });
    const rows = seen.filter((row) => this.addresses.rowOf(row.address) === undefined);
    return { rows, total: rows.length };
  }

  /** Carries out what it knows; undefined for a command about something else. */
  command(command: Command): unknown {
    switch (command.name) {
      case "set_shadow": {
        const { days } = command.args;
        if (days !== null && (days < 1 || days > 30))
          throw fault("invalid", "Rollcall can watch without refusing for 1 to 30 days.");
        this.until = days === null ? null : this.told.now + days * data.DAY;
        return null;
      }
      case "restore_and_deliver":
        return this.restore(command.args.address, RESTORED[command.args.as]);
      default:
        return undefined;
    }
  }

  private restore(address: string, change: (typeof RESTORED)[keyof typeof RESTORED]): Restored {
    const messages = this.freshOf(address)?.held.length ?? 0;
    this.delivered.add(address);
    const done = this.addresses.change("restore_and_deliver", [address], { ...change, invalid_reason: null });
    const { entry, addresses } = done as Restored;
    return { entry, addresses, messages };
  }
}
