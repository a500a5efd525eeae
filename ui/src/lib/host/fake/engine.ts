import type {
  AddressDetail,
  AddressesArgs,
  Command,
  DryRunArgs,
  Event,
  ExportMailLogArgs,
  ForecastArgs,
  Health,
  InboxArgs,
  MailLogArgs,
  MailMessageArgs,
  PeriodArgs,
  ReportsArgs,
  Tag,
} from "../../api/types";
import type { Stop } from "../host";
import { FakeAccess } from "./access";
import { FakeAddresses } from "./addresses";
import * as data from "./data";
import { healthOf } from "./health";
import { hours } from "./maildata";
import { decide } from "./decisions";
import { FakeDiscovery } from "./discovery";
import { FakeInbox } from "./inbox";
import { FakeFlow } from "./mailflow";
import { FakeOutgoing } from "./outgoing";
import { FakeReceiving } from "./receiving";
import { FakeReporting } from "./reporting";
import { FakeServers } from "./servers";
import { FakeShadow } from "./shadow";
import { FakeLists } from "./lists";
import { FakeSync } from "./sync";
import { fault, type Mood, type Told } from "./told";

const ALL: Tag[] = ["addresses", "mail", "journal", "health", "setup", "clock", "access", "notifications", "sync"];
const MIB = 1024 * 1024;

/** An engine stand-in for tests, pictures and design work. It decides nothing that is not shown. */
export class FakeEngine implements Told {
  now = data.NOW;
  private readonly flow: FakeFlow;
  private readonly addresses: FakeAddresses;
  private readonly servers: FakeServers;
  private readonly receiving: FakeReceiving;
  private readonly outgoing: FakeOutgoing;
  private readonly access: FakeAccess;
  private readonly discovery: FakeDiscovery;
  private readonly shadow: FakeShadow;
  private readonly reporting: FakeReporting;
  private readonly inbox: FakeInbox;
  private readonly sync: FakeSync;
  private readonly lists: FakeLists;
  private readonly listeners = new Set<(event: Event) => void>();
  private revision = 1;
  private notifications = true;
  private reserve = 256 * MIB;

  constructor(
    readonly mood: Mood,
    private readonly practice: boolean,
    rows: number,
    access: string | null = null,
    discovery: string | null = null,
    watching = false,
    reporting: string | null = null,
    sync: string | null = null,
  ) {
    this.flow = new FakeFlow(this);
    this.addresses = new FakeAddresses(this);
    this.servers = new FakeServers(this);
    this.receiving = new FakeReceiving(this);
    this.outgoing = new FakeOutgoing(this, () => this.receiving.hosts.length);
    this.access = new FakeAccess(this, () => this.addresses.counts().user, access);
    this.discovery = new FakeDiscovery(
      this,
      () => this.servers.rows.map((row) => row.name),
      () => this.addresses.inState("discovered"),
      () => this.access.access().role === "organization_administrator",
      {
        rows: (state) => this.addresses.rowsIn(state),
        forecast: (users) => this.access.forecast({ count: users }),
      },
      discovery,
    );
    this.shadow = new FakeShadow(this, this.addresses, () => this.flow.log, watching);
    this.reporting = new FakeReporting(this, () => this.servers.rows.map((row) => row.name), reporting);
    this.inbox = new FakeInbox(this, this.addresses, (on) => (this.notifications = on));
    this.sync = new FakeSync(this, sync);
    this.lists = new FakeLists(this.addresses, (count) => this.access.forecast({ count }));
    if (mood === "first-run" || mood === "empty") return;
    this.addresses.fill(rows);
    this.flow.fill(watching);
    this.access.fit(access);
    this.inbox.fill();
  }

  subscribe(listener: (event: Event) => void): Stop {
    this.listeners.add(listener);
    listener({ revision: this.revision, stale: ALL });
    return () => this.listeners.delete(listener);
  }

  tell(stale: Tag[], notice?: Event["notice"]): void {
    this.revision += 1;
    const event: Event = { revision: this.revision, stale, ...(notice == null ? {} : { notice }) };
    for (const listener of [...this.listeners]) listener(event);
  }

  query(name: string, args: unknown): unknown {
    switch (name) {
      case "health":
        return this.health();
      case "domains":
        return { rows: this.servers.rows };
      case "addresses":
        return this.addresses.list(args as AddressesArgs);
      case "address":
        return this.detail((args as { address: string }).address);
      case "journal":
        return { rows: this.addresses.journal };
      case "overview":
        return this.overview();
      case "receiving":
        return this.receiving.answer();
      case "outbound":
        return this.outgoing.answer();
      case "blocked_clients":
        return this.receiving.blockedClients();
      case "recipient_cache":
        return { cached: this.addresses.saidOf((args as { address: string }).address) };
      default:
        return this.officeQuery(name, args);
    }
  }

  private officeQuery(name: string, args: unknown): unknown {
    switch (name) {
      case "access":
        return this.access.access();
      case "seats":
        return this.access.seats();
      case "discovery":
        return this.discovery.answer();
      case "dry_run":
        return this.discovery.dryRun(args as DryRunArgs);
      case "observed":
        return this.shadow.observed();
      case "reports":
        return this.reporting.reports(args as ReportsArgs);
      case "report":
        return this.reporting.report((args as { id: number }).id);
      case "reporting":
        return this.reporting.answer();
      case "inbox":
        return this.inbox.list(args as InboxArgs);
      case "notification_settings":
        return this.inbox.settings();
      case "forecast":
        return this.forecast(args as ForecastArgs);
      default:
        return this.peopleQuery(name, args);
    }
  }

  private peopleQuery(name: string, args: unknown): unknown {
    switch (name) {
      case "sync":
        return this.sync.answer();
      case "sync_runs":
        return this.sync.list();
      case "sync_run": {
        const { id, verb } = args as { id: number; verb?: string };
        return this.sync.run(id, verb);
      }
      case "export_people":
      case "people_report":
        return this.lists.query(name, args);
      default:
        return this.mailQuery(name, args);
    }
  }

  private detail(address: string): AddressDetail {
    const detail = this.addresses.detail(address);
    return detail.row.state === "invalid" ? { ...detail, fresh: this.shadow.freshOf(address) } : detail;
  }

  /** As suggested, only people become users. */
  private forecast(args: ForecastArgs): unknown {
    const people = (address: string): boolean => this.addresses.rowOf(address)?.suggestion.kind === "person";
    const addresses = args.suggested === true ? args.addresses?.filter(people) : args.addresses;
    return this.access.forecast({ ...args, ...(addresses === undefined ? {} : { addresses }) });
  }

  private mailQuery(name: string, args: unknown): unknown {
    switch (name) {
      case "mail_log":
        return this.flow.list(args as MailLogArgs);
      case "mail_message": {
        const found = this.flow.message((args as MailMessageArgs).id);
        if (found === null) throw fault("not_found", "That message is no longer in the log.");
        return found;
      }
      case "mail_counts":
        return this.flow.counts(args as PeriodArgs);
      case "mail_report":
        return this.flow.report(args as PeriodArgs);
      case "queue":
        return { rows: [], waiting: 0, failed: 0 };
      case "log_retention":
        return this.flow.retention();
      case "export_mail_log":
        return this.flow.export(args as ExportMailLogArgs);
      default:
        throw fault("invalid", `There is no query ${name}.`);
    }
  }

  command(name: string, args: unknown): unknown {
    const command = { name, args } as Command;
    switch (command.name) {
      case "create_user":
        return this.addresses.createUsers(command.args);
      case "create_functional":
        return this.addresses.change(name, command.args.addresses, {
          state: "functional",
          role: null,
          invalid_reason: null,
        });
      case "mark_invalid":
        return this.addresses.change(name, command.args.addresses, {
          state: "invalid",
          role: null,
          invalid_reason: "manual",
        });
      case "remove_invalid":
        return this.addresses.remove(name, command.args.addresses);
      case "set_name":
        return this.addresses.setName(command.args);
      case "set_administrator": {
        if (this.access.access().role !== "organization_administrator")
          throw fault("forbidden", "Only the Organization Administrator can change this.");
        const { addresses, on } = command.args;
        return this.addresses.change(name, addresses, {}, () => ({ is_administrator: on }));
      }
      case "undo":
        return this.addresses.undo(command.args.entry);
      case "clear_recipient_cache":
        return this.addresses.forget(command.args.address);
      case "skip_time":
        return this.skip(command.args.hours);
      default:
        return decide(this.addresses, this.now, command) ?? this.configure(command);
    }
  }

  /** Commands that set something up; the parts know the rest. */
  private configure(command: Command): unknown {
    switch (command.name) {
      case "set_notifications":
        this.notifications = command.args.wanted;
        return this.settled();
      case "set_disk_reserve":
        this.reserve = command.args.mib * MIB;
        return this.settled();
      case "set_shadow":
        this.shadow.command(command);
        return this.settled();
      case "set_upstreams":
        this.receiving.setUpstreams(command.args.addresses);
        return this.settled();
      default: {
        const parts = [
          this.inbox,
          this.sync,
          this.lists,
          this.shadow,
          this.discovery,
          this.discovery,
          this.reporting,
          this.access,
          this.outgoing,
          this.receiving,
          this.servers,
          this.flow,
        ];
        for (const part of parts) {
          const answer = part.command(command);
          if (answer !== undefined) return answer;
        }
        throw fault("invalid", `There is no command ${command.name}.`);
      }
    }
  }

  /** A message arrives. */
  arrive(local: string): void {
    const address = `${local}@fabrikam.example`;
    this.now += 20_000;
    this.flow.arrive(local);
    const found = this.addresses.seen(address);
    const waiting = this.addresses.counts().discovered;
    if (found) this.inbox.found(address);
    this.tell(
      ["addresses", "mail", "journal", "notifications"],
      found ? { kind: "discovered", addresses: [address], waiting } : undefined,
    );
  }

  /** Something happens that people are told of. */
  happen(what: "blocked" | "undelivered" | "report"): void {
    if (what === "report") this.tell(["journal"], { kind: "report", id: 3, users: 4, aliases: 2, waiting: 7 });
    else if (what === "blocked") this.receiving.block("198.51.100.23");
    else this.flow.fail("QX7F2");
  }

  private health(): Health {
    const { listener, more, upstreams } = this.receiving;
    return healthOf({
      mood: this.mood,
      practice: this.practice,
      now: this.now,
      revision: this.revision,
      domains: this.servers.rows.length,
      listener,
      more,
      upstreams: upstreams.map((one) => one.address),
      lastMail: this.flow.log[0]?.at_ms ?? null,
      failed: this.flow.givenUp,
      counts: this.addresses.counts(),
      notifications: this.notifications,
      reserve: this.reserve,
      shadow: this.shadow.shadow(),
      discovery: this.sync.holds ? "off_by_sync" : this.discovery.answer().on ? "on" : "off",
    });
  }

  private settled(): Health {
    this.tell(["setup", "health", "journal"]);
    return this.health();
  }

  private overview(): unknown {
    const none = this.flow.log.length === 0;
    const mail = hours().map((hour) => (none ? { ...hour, delivered: 0, refused: 0, deferred: 0 } : hour));
    if (this.mood === "down") Object.assign(mail[23] ?? {}, { waiting: 9, delivered: 20 });
    const empty = this.addresses.size === 0;
    const weeks = data.weeks().map((week) => (empty ? { ...week, found: 0, decided: 0 } : week));
    return { hours: mail, weeks, counts: this.addresses.counts(), lately: this.addresses.journal.slice(0, 6) };
  }

  private skip(hours: number): unknown {
    if (!this.practice) throw fault("forbidden", "Time can be skipped in a practice office only.");
    this.now += hours * data.HOUR;
    for (const local of ["press", "lou.hawthorn", "ali.rowan"]) this.arrive(local);
    this.tell(ALL);
    return { now_ms: this.now };
  }
}
