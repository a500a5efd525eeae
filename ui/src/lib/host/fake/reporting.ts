import type {
  Command,
  ContactRow,
  NewAccountRow,
  Reporting,
  ReportRow,
  Reports,
  ReportsArgs,
  SetContactArgs,
  WeeklyReport,
} from "../../api/types";
import * as data from "./data";
import { fault, type Told } from "./told";

const SHIPPED = {
  subject: "Welcome, {name}",
  text: "Hello {name},\n\nyour address {address} is set up now. Mail for it is checked before it reaches your mailbox. There is nothing that you need to do.\n\nIf mail that you expect does not arrive, ask {contact}.\n",
};

function account(local: string, at_ms: number, rest: Partial<NewAccountRow> = {}): NewAccountRow {
  return {
    address: `${local}@fabrikam.example`,
    owner: null,
    at_ms,
    cause: "operator",
    who: "technician",
    state: "user",
    stands: true,
    ...rest,
  };
}

/** The weekly reports, the contacts and the welcome. `how` is `trouble`, `welcoming`, or nothing. */
export class FakeReporting {
  private wanted = { new_users: true, new_aliases: true, include_admin_contact: true };
  private readonly contacts: Record<SetContactArgs["role"], ContactRow> = {
    technician: { name: "Kim Cedar", email: "it@fabrikam.example", copy: false },
    organization_administrator: { name: "", email: "", copy: false },
  };
  private sender = "";
  private welcome = SHIPPED;

  constructor(
    private readonly told: Told,
    private readonly domains: () => string[],
    private readonly how: string | null,
  ) {}

  answer(): Reporting {
    const first = this.domains()[0];
    return {
      ...this.wanted,
      technical_contact: this.contacts.technician,
      admin_contact: this.contacts.organization_administrator,
      letter_sender: this.sender,
      letter_sender_now: this.sender !== "" ? this.sender : first === undefined ? null : `postmaster@${first}`,
      welcome_subject: this.welcome.subject,
      welcome_text: this.welcome.text,
      welcoming: this.how === "welcoming" ? this.domains() : [],
      trouble:
        this.how === "trouble"
          ? {
              at_ms: data.at(3, 9, 0),
              sentence:
                "The letter “2 users were created this week” could not be sent to it@elsewhere.example: outgoing mail is off. Choose a way out in Settings, Outgoing mail, or give an address of your own domains.",
            }
          : null,
    };
  }

  reports({ limit = 100, cursor }: ReportsArgs): Reports {
    if (this.told.mood === "empty" || this.told.mood === "first-run") return { rows: [], next: null };
    const rows = this.weeks().filter((row) => cursor === undefined || row.id < cursor);
    const page = rows.slice(0, limit);
    return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
  }

  report(id: number): WeeklyReport {
    const report = this.weeks().find((row) => row.id === id);
    if (report === undefined) throw fault("not_found", `There is no report ${id}.`);
    if (id !== 3) return { report, users: [account("robin.alder", data.at(9, 11, 20))], aliases: [] };
    const rule = { who: "rollcall" } as const;
    return {
      report,
      users: [
        account("sam.aspen", data.at(6, 10, 12)),
        account("jordan.larch", data.at(5, 16, 40), {
          cause: "threshold",
          ...rule,
          state: "discovered",
          stands: false,
        }),
        account("val.willow", data.at(4, 8, 55), { cause: "outbound", ...rule }),
        account("old.scanner", data.at(4, 8, 50), { cause: "expiry", ...rule, state: null, stands: false }),
      ],
      aliases: [
        account("r.alder", data.at(4, 14, 2), { owner: "robin.alder@fabrikam.example", state: "alias" }),
        account("sam.aspen2", data.at(3, 9, 30), {
          owner: "sam.aspen@fabrikam.example",
          cause: "same_name",
          ...rule,
          state: "alias",
        }),
      ],
    };
  }

  /** Carries out what it knows; undefined for a command about something else. */
  command(command: Command): unknown {
    switch (command.name) {
      case "set_reports":
        this.wanted = command.args;
        return this.changed();
      case "set_contact": {
        const { role, name, email, copy = false } = command.args;
        if (email.endsWith("@")) throw fault("invalid", `“${email}” is no e-mail address.`);
        this.contacts[role] = { name, email, copy };
        return this.changed();
      }
      case "set_letter_sender": {
        const { address } = command.args;
        const domain = address.split("@")[1] ?? "";
        if (address !== "" && !this.domains().includes(domain))
          throw fault("invalid", `Letters can't come from ${address}: ${domain} isn't one of your domains.`);
        this.sender = address;
        return this.changed();
      }
      case "set_welcome": {
        const { subject, text } = command.args;
        this.welcome = { subject: subject || SHIPPED.subject, text: text || SHIPPED.text };
        return this.changed();
      }
      default:
        return undefined;
    }
  }

  private weeks(): ReportRow[] {
    const week = (id: number, back: number, users: number, aliases: number, waiting: number): ReportRow => ({
      id,
      at_ms: data.at(back, 9, 0),
      from_ms: data.at(back + 7, 9, 0),
      until_ms: data.at(back, 9, 0),
      users,
      aliases,
      waiting,
    });
    return [week(3, 3, 4, 2, 7), week(2, 10, 1, 0, 3), week(1, 17, 1, 0, 0)];
  }

  private changed(): Reporting {
    this.told.tell(["setup", "journal"]);
    return this.answer();
  }
}
