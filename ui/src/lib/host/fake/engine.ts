import type {
  AddressRow,
  BlockedClients,
  AddressesArgs,
  Command,
  CreateUserArgs,
  Destination,
  DestinationTest,
  DomainRow,
  Event,
  Fault,
  Health,
  JournalEntry,
  ListenerRow,
  ExportMailLogArgs,
  MailLogArgs,
  MailMessageArgs,
  PeriodArgs,
  Outbound,
  Receiving,
  SenderHost,
  SetListenerArgs,
  SetOutboundArgs,
  SetNameArgs,
  StateCounts,
  Tag,
  TestDestinationArgs,
  Upstream,
} from "../../api/types";
import type { Stop } from "../host";
import * as data from "./data";
import * as domains from "./domains";
import type { SettleDomain } from "./domains";
import { FakeFlow } from "./mailflow";

/** How the stand-in behaves, from the address bar: `?state=empty&rows=10000`. */
export type Mood = "ready" | "empty" | "learning" | "down" | "closed" | "loading" | "failed" | "away" | "first-run";

const ALL: Tag[] = ["addresses", "mail", "journal", "health", "setup", "clock"];

export function fault(code: Fault["code"], message: string, ...detail: string[]): Fault {
  return { code, message, detail };
}

/** An engine stand-in for tests, pictures and design work. It decides nothing that is not shown. */
export class FakeEngine {
  private rows = new Map<string, AddressRow>();
  private readonly flow = new FakeFlow();
  private journal: JournalEntry[] = [];
  private domains: DomainRow[] = [];
  private outboundMode: Outbound["mode"] = "smarthost";
  private username: string | null = "office@fabrikam.example";
  private hasPassword = true;
  private smarthost: Destination | null = { host: "smtp.provider.example", port: 587, tls: "required" };
  private before = new Map<number, (AddressRow | string)[]>();
  private readonly listeners = new Set<(event: Event) => void>();
  private revision = 1;
  private now = data.NOW;
  private listener: ListenerRow = {
    name: "inbound",
    role: "inbound",
    tls: "starttls",
    address: "0.0.0.0",
    port: 25,
    bound: "0.0.0.0:25",
    fault: null,
  };
  private more: ListenerRow[] = [data.printers];
  private upstreams: Upstream[] = [{ address: "192.168.1.20", speaks: "smtp" }];
  private hosts: SenderHost[] = [{ network: "10.0.4.0/24", note: "Printers and scanners" }];
  private blocked = [
    { address: "203.0.113.66", until_ms: data.NOW + 41 * data.MINUTE, invalid: 10 },
    { address: "2001:db8:77:1::", until_ms: data.NOW + 52 * data.MINUTE, invalid: 12 },
  ];
  private certificate = data.certificate;
  private notifications = true;
  /** Answers of the mail server that are still kept. */
  private remembered = 12;

  constructor(
    readonly mood: Mood,
    private readonly practice: boolean,
    rows: number,
  ) {
    if (mood === "first-run") {
      Object.assign(this.listener, { address: "127.0.0.1", port: 2525, bound: null });
      [this.more, this.hosts, this.upstreams, this.blocked] = [[], [], [], []];
      return;
    }
    this.domains = [this.domain("fabrikam.example", { host: "mail.fabrikam.example", port: 25, tls: "opportunistic" })];
    if (mood === "closed")
      Object.assign(this.listener, {
        bound: null,
        fault: "Port 25 is taken by another program. Use another port, or stop that program.",
      });
    if (mood === "empty") return;
    const all =
      mood === "learning"
        ? data.watching()
        : [...data.discovered(), ...data.watching(), ...data.users(), ...data.others()];
    for (const row of rows > 0 ? data.many(rows) : all) this.rows.set(row.address, row);
    this.flow.fill();
    if (mood === "ready" || mood === "down") this.journal = data.journal();
  }

  subscribe(listener: (event: Event) => void): Stop {
    this.listeners.add(listener);
    listener({ revision: this.revision, stale: ALL });
    return () => this.listeners.delete(listener);
  }

  query(name: string, args: unknown): unknown {
    switch (name) {
      case "health":
        return this.health();
      case "domains":
        return { rows: this.domains };
      case "addresses":
        return this.list(args as AddressesArgs);
      case "address":
        return this.detail((args as { address: string }).address);
      case "journal":
        return { rows: this.journal };
      case "overview":
        return this.overview();
      case "receiving":
        return this.receiving();
      case "outbound":
        return this.outbound();
      case "queue":
        return { rows: [], waiting: 0, failed: 0 };
      case "blocked_clients":
        return this.blockedClients();
      case "recipient_cache":
        return { cached: null };
      default:
        return this.mailQuery(name, args);
    }
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
        return this.flow.counts((args as PeriodArgs).from_ms ?? 0);
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
        return this.createUsers(command.args);
      case "create_functional":
        return this.change(name, command.args.addresses, { state: "functional", role: null, invalid_reason: null });
      case "mark_invalid":
        return this.change(name, command.args.addresses, { state: "invalid", role: null, invalid_reason: "manual" });
      case "remove_invalid":
        return this.removeInvalid(command.args.addresses);
      case "set_name":
        return this.setName(command.args);
      case "undo":
        return this.undo(command.args.entry);
      case "skip_time":
        return this.skip(command.args.hours);
      default:
        return this.configure(command);
    }
  }

  /** Commands that set something up. */
  private configure(command: Command): unknown {
    switch (command.name) {
      case "set_outbound":
        return this.setOutbound(command.args);
      case "set_outbound_secret":
        return this.setOutboundSecret();
      case "set_notifications":
        this.notifications = command.args.wanted;
        return this.settled();
      case "clear_recipient_cache":
        return this.forgetAnswers();
      case "unblock_client":
        this.blocked = this.blocked.filter((row) => row.address !== command.args.address);
        this.tell(["health", "journal"]);
        return this.blockedClients();
      case "set_upstreams":
        this.upstreams = command.args.addresses.map((one) =>
          typeof one === "string" ? { address: one, speaks: "smtp" } : one,
        );
        return this.settled();
      case "set_sender_hosts":
        this.hosts = command.args.hosts;
        return this.received();
      case "remove_listener":
        this.more = this.more.filter((row) => row.name !== command.args.name);
        return this.received();
      case "import_certificate":
        if (!/BEGIN CERTIFICATE/.test(command.args.pem ?? "") && command.args.pfx_base64 === undefined)
          throw fault("invalid", "Nothing was changed: there is no certificate in it.");
        this.certificate = { ...this.certificate, subject: "CN=mail.fabrikam.example", self_signed: false };
        return this.received();
      case "set_listener":
        return this.setListener(command.args);
      default:
        return this.configureDomains(command);
    }
  }

  private configureDomains(command: Command): unknown {
    switch (command.name) {
      case "add_domain":
        return this.addDomain(command.args.name, command.args.destination);
      case "set_domain":
      case "set_alias_domains":
      case "set_route":
        return this.settleDomain(command);
      case "remove_domain":
        return this.removeDomain(command.args.name);
      default:
        return this.onQueue(command);
    }
  }

  /** Commands about messages that wait. */
  private onQueue(command: Command): unknown {
    switch (command.name) {
      case "flush_queue":
        return this.toldOfMail(this.flow.flush(command.args.queue_id));
      case "hold_message":
        return this.toldOfMail(this.flow.hold(command.args.queue_ids, true));
      case "release_message":
        return this.toldOfMail(this.flow.hold(command.args.queue_ids, false));
      case "set_log_retention":
        return this.toldOfMail(this.flow.keep(command.args));
      case "delete_message":
        return this.toldOfMail(this.flow.stop(command.args.queue_ids));
      default:
        return this.test(command);
    }
  }

  private toldOfMail(answer: unknown): unknown {
    this.tell(["mail", "journal"]);
    return answer;
  }

  /** Commands that ask a mail server. */
  private test(command: Command): unknown {
    if (command.name === "test_destination") return testOf(command.args);
    if (command.name === "test_domain") return this.testDomain(command.args.name);
    throw fault("invalid", `There is no command ${command.name}.`);
  }

  /** A message arrives: for a new address it is evidence, at the third it is discovered. */
  arrive(local: string): void {
    const address = `${local}@fabrikam.example`;
    this.now += 20_000;
    const id = (this.flow.log[0]?.id ?? 0) + 1;
    this.flow.log = [data.logRow(id, this.now, local, id), ...this.flow.log];
    const known =
      this.rows.get(address) ??
      data.row(local, "watching", {
        clean_count: 0,
        discovered_ms: null,
        first_seen_ms: this.now,
        strength: { verdict: "weak", reason: "below_threshold" },
      });
    const clean_count = known.clean_count + 1;
    const found = known.state === "watching" && clean_count >= 3;
    this.rows.set(address, {
      ...known,
      clean_count,
      last_seen_ms: this.now,
      ...(found
        ? {
            state: "discovered",
            discovered_ms: this.now,
            changed_ms: this.now,
            strength: { verdict: "strong", reason: "recognised_by_server" },
          }
        : {}),
    });
    const waiting = this.counts().discovered;
    this.tell(
      ["addresses", "mail", "journal"],
      found ? { kind: "discovered", addresses: [address], waiting } : undefined,
    );
  }

  private domain(name: string, destination: Destination): DomainRow {
    const down = this.mood === "down";
    return {
      name,
      destination,
      reachability: this.mood === "empty" ? "not_asked_yet" : down ? "does_not_answer" : "answers",
      since_ms: data.at(0, 14, 32) - (down ? 0 : 9 * data.DAY),
      trouble: down ? "connection refused (os error 111)" : null,
      need: 3,
      window_days: 30,
      settings: this.mood === "ready" && this.domains.length === 0 ? domains.livedIn() : domains.settings(),
      ...this.truthOf(),
    };
  }

  private testDomain(name: string): unknown {
    const tested = this.domains.find((row) => row.name === name);
    if (tested === undefined) throw fault("not_found", `${name} isn't one of your domains.`);
    const found = testOf({ ...tested.destination, domain: name });
    if (tested.truth !== "accepts_everything") return found;
    const sentence = "It says yes to a made-up address.";
    const yes = (step: string) => ({
      step,
      verdict: "note",
      sentence,
      technical: "250 2.1.5 Recipient OK",
      took_ms: 6,
    });
    return {
      ...found,
      sentence: "Your mail server answers, but it says yes to every address. Rollcall can't learn from its word alone.",
      steps: [...found.steps.slice(0, -1), yes("made_up_recipient"), yes("second_made_up_recipient")],
    };
  }

  /** What the mail server is found to be, by mood. */
  private truthOf(): Pick<
    DomainRow,
    "truth" | "truth_ms" | "truth_next_ms" | "truth_replies" | "decides_at_data" | "bounces_later" | "brand"
  > {
    if (this.mood === "empty")
      return {
        truth: null,
        truth_ms: null,
        truth_next_ms: 0,
        truth_replies: [],
        decides_at_data: false,
        bounces_later: false,
        brand: null,
      };
    const everything = this.mood === "ready";
    return {
      truth: everything ? "accepts_everything" : "rejects_strangers",
      truth_ms: data.at(0, 9, 5),
      truth_next_ms: data.at(0, 9, 5) + (everything ? 7 : 1) * data.DAY,
      truth_replies: everything
        ? ["250 2.1.5 Recipient OK", "250 2.1.5 Recipient OK"]
        : ["550 5.1.1 User unknown", "550 5.1.1 User unknown"],
      decides_at_data: false,
      bounces_later: false,
      brand: "exchange",
    };
  }

  private health(): Health {
    const down = this.mood === "down";
    const faults = [];
    if (this.listener.fault !== null)
      faults.push({
        code: "listener_not_bound",
        sentence: this.listener.fault,
        detail: "bind 0.0.0.0:25: address in use (os error 98)",
        since_ms: data.at(0, 14, 20),
      });
    if (down)
      faults.push({
        code: "destination_unreachable",
        sentence: "mail.fabrikam.example doesn’t answer. Check its name and port.",
        detail: "connect mail.fabrikam.example:25: connection refused (os error 111)",
        since_ms: data.at(0, 14, 32),
      });
    const state =
      this.domains.length === 0
        ? "not_set_up"
        : this.listener.bound === null
          ? "cannot_come_in"
          : down
            ? "waiting"
            : this.flow.log.length === 0
              ? "quiet"
              : "flowing";
    const sentence = {
      not_set_up: "No domain is set up yet.",
      quiet: "Everything is ready. No message has come yet.",
      flowing: "Mail is passed on to mail.fabrikam.example.",
      waiting: "9 messages are kept here since 14:32. They go out when your mail server is back.",
      cannot_come_in: "Port 25 could not be opened. Senders keep their mail and try again.",
    }[state];
    return {
      state,
      sentence,
      now_ms: this.now,
      practice: this.practice,
      data: this.practice ? "/home/kim/.local/share/rollcall/practice" : "/home/kim/.local/share/rollcall",
      version: "0.1.0",
      hostname: "relay.fabrikam.example",
      listeners: [{ ...this.listener }, ...this.more],
      upstreams: this.upstreams.map((one) => one.address),
      faults,
      waiting: down ? 9 : 0,
      failed: 0,
      sessions: state === "flowing" ? 2 : 0,
      last_delivered_ms: this.flow.log[0]?.at_ms ?? null,
      users: this.counts().user,
      notifications: this.notifications,
      revision: this.revision,
    };
  }

  private counts(): StateCounts {
    const counts: StateCounts = {
      watching: 0,
      discovered: 0,
      user: 0,
      functional: 0,
      alias: 0,
      inactive: 0,
      invalid: 0,
      never_add: 0,
    };
    for (const row of this.rows.values()) counts[row.state] += 1;
    return counts;
  }

  private list(args: AddressesArgs): unknown {
    const text = args.search?.toLowerCase() ?? "";
    const fits = (row: AddressRow): boolean =>
      (args.state === undefined || row.state === args.state) &&
      (text === "" || `${row.address} ${row.first_name ?? ""} ${row.surname ?? ""}`.toLowerCase().includes(text));
    const order: Record<string, (row: AddressRow) => number> = {
      last_seen: (row) => -row.last_seen_ms,
      discovered: (row) => row.discovered_ms ?? Infinity,
      clean_count: (row) => -row.clean_count,
    };
    const by = order[args.sort ?? "address"];
    const rows = [...this.rows.values()]
      .filter(fits)
      .sort((a, b) => (by === undefined ? 0 : by(a) - by(b) || 0) || a.address.localeCompare(b.address));
    const offset = args.offset ?? 0;
    return { rows: rows.slice(offset, offset + (args.limit ?? 100)), total: rows.length, counts: this.counts() };
  }

  private detail(address: string): unknown {
    const row = this.rows.get(address);
    if (row === undefined) throw fault("not_found", `Nothing is known about ${address}.`);
    return {
      row,
      evidence: data.evidenceOf(row),
      journal: this.journal.filter((entry) => entry.addresses.includes(address)),
      cached: null,
    };
  }

  private overview(): unknown {
    const none = this.flow.log.length === 0;
    const hours = data.hours().map((hour) => (none ? { ...hour, delivered: 0, refused: 0, deferred: 0 } : hour));
    if (this.mood === "down") Object.assign(hours[23] ?? {}, { waiting: 9, delivered: 20 });
    const weeks = data.weeks().map((week) => (this.rows.size === 0 ? { ...week, found: 0, decided: 0 } : week));
    return { hours, weeks, counts: this.counts(), lately: this.journal.slice(0, 6) };
  }

  private createUsers(args: CreateUserArgs): unknown {
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

  private change(
    action: string,
    addresses: string[],
    change: Partial<AddressRow>,
    more: (row: AddressRow) => Partial<AddressRow> = () => ({}),
  ): unknown {
    for (const address of addresses)
      if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw fault("invalid", `${address} is not an address.`);
    const old: (AddressRow | string)[] = [];
    const touched: string[] = [];
    const unchanged: string[] = [];
    for (const address of addresses) {
      const known = this.rows.get(address);
      const row =
        known ??
        data.row(address, "watching", {
          source: "manual",
          clean_count: 0,
          first_seen_ms: this.now,
          last_seen_ms: this.now,
          discovered_ms: null,
        });
      if (known !== undefined && change.state !== undefined && known.state === change.state) {
        unchanged.push(address);
        continue;
      }
      old.push(known ?? address);
      touched.push(address);
      this.rows.set(address, { ...row, ...change, ...more(row), changed_ms: this.now });
    }
    if (touched.length === 0) return { entry: null, addresses: [], unchanged };
    return { entry: this.record(action, touched, old), addresses: touched, unchanged };
  }

  private removeInvalid(addresses: string[]): unknown {
    const rows = addresses.map((address) => this.rows.get(address)).filter((row) => row !== undefined);
    for (const row of rows) this.rows.delete(row.address);
    return { entry: this.record("remove_invalid", addresses, rows), addresses, unchanged: [] };
  }

  private record(action: string, addresses: string[], before: (AddressRow | string)[]): number {
    const entry = (this.journal[0]?.entry ?? 0) + 1;
    this.before.set(entry, before);
    this.journal = [
      {
        entry,
        at_ms: this.now,
        who: "operator",
        action,
        why: "Decided by the operator",
        addresses: addresses.slice(0, 5),
        count: addresses.length,
        undoable: action !== "undo",
        undone: false,
      },
      ...this.journal,
    ];
    this.tell(["addresses", "journal"]);
    return entry;
  }

  private undo(entry: number): unknown {
    const found = this.journal.find((row) => row.entry === entry);
    if (found === undefined || !found.undoable)
      throw fault("conflict", "This can’t be taken back any more.", "the row changed since");
    const before = this.before.get(entry) ?? [];
    for (const row of before) {
      if (typeof row === "string") this.rows.delete(row);
      else this.rows.set(row.address, row);
    }
    this.journal = this.journal.map((row) => (row.entry === entry ? { ...row, undoable: false, undone: true } : row));
    this.record("undo", found.addresses, []);
    return { entry: null, addresses: found.addresses, unchanged: [] };
  }

  private skip(hours: number): unknown {
    if (!this.practice) throw fault("forbidden", "Time can be skipped in a practice office only.");
    this.now += hours * data.HOUR;
    for (const local of ["press", "lou.hawthorn", "ali.rowan"]) this.arrive(local);
    this.tell(ALL);
    return { now_ms: this.now };
  }

  private setName(args: SetNameArgs): unknown {
    const names = { first_name: args.first_name || null, surname: args.surname || null };
    return this.change("set_name", [args.address], names);
  }

  private settled(): Health {
    this.tell(["setup", "journal"]);
    return this.health();
  }

  private settleDomain(command: SettleDomain): unknown {
    this.domains = domains.settled(this.domains, command);
    this.tell(["setup", "health", "journal"]);
    return { rows: this.domains };
  }

  private forgetAnswers(): unknown {
    const forgotten = this.remembered;
    this.remembered = 0;
    this.tell(["journal"]);
    return { forgotten };
  }

  private removeDomain(name: string): unknown {
    this.domains = this.domains.filter((row) => row.name !== name);
    this.tell(["setup", "health", "journal"]);
    return { rows: this.domains };
  }

  private setListener(given: SetListenerArgs): unknown {
    const { name, port } = given;
    const taken = port === 25 && this.mood === "closed";
    const before = [this.listener, ...this.more].find((row) => row.name === name);
    const row: ListenerRow = {
      name,
      role: given.role ?? before?.role ?? "inbound",
      tls: given.tls ?? before?.tls ?? "starttls",
      address: given.address,
      port,
      bound: taken ? null : `${given.address}:${port}`,
      fault: taken ? "Port 25 is taken by another program. Use another port, or stop that program." : null,
    };
    if (name === "inbound") this.listener = row;
    else this.more = [...this.more.filter((other) => other.name !== name), row];
    this.tell(["setup", "health", "journal"]);
    return { listener: { ...row } };
  }

  private receiving(): Receiving {
    return {
      listeners: [{ ...this.listener }, ...this.more],
      upstreams: this.upstreams,
      sender_hosts: this.hosts,
      certificate: this.certificate,
    };
  }

  private blockedClients(): BlockedClients {
    return { blocked: this.blocked, under_attack: false, invalid_last_minute: 0 };
  }

  private outbound(): Outbound {
    const down = this.mood === "down";
    const asked = this.smarthost !== null;
    return {
      mode: this.outboundMode,
      smarthost: this.smarthost,
      username: this.username,
      lacks_password: this.username !== null && !this.hasPassword,
      reachability: !asked ? "not_asked_yet" : down ? "does_not_answer" : "answers",
      since_ms: asked ? data.at(0, 14, 32) : null,
      trouble: asked && down ? "no connection to smtp.provider.example:587: connection refused (os error 111)" : null,
      sender_hosts: this.hosts.length,
    };
  }

  private setOutbound(args: SetOutboundArgs): Outbound {
    const { mode, host = "", port = 25, tls = "required", username = "" } = args;
    const signsIn = mode === "smarthost" && username !== "" ? username : null;
    const kept = signsIn === this.username && host === this.smarthost?.host;
    this.smarthost = mode === "smarthost" ? { host, port, tls } : null;
    [this.outboundMode, this.username, this.hasPassword] = [mode, signsIn, kept && this.hasPassword];
    this.tell(["setup", "health", "journal"]);
    return this.outbound();
  }

  private setOutboundSecret(): Outbound {
    if (this.username === null) throw fault("conflict", "Say first which server mail goes out through.");
    this.hasPassword = true;
    this.tell(["setup", "health", "journal"]);
    return this.outbound();
  }

  private received(): Receiving {
    this.tell(["setup", "health", "journal"]);
    return this.receiving();
  }

  private addDomain(name: string, destination: Destination): unknown {
    this.domains = [...this.domains.filter((row) => row.name !== name), this.domain(name, destination)];
    this.tell(["setup", "health", "journal"]);
    return { rows: this.domains };
  }

  private tell(stale: Tag[], notice?: Event["notice"]): void {
    this.revision += 1;
    const event = (
      notice === undefined ? { revision: this.revision, stale } : { revision: this.revision, stale, notice }
    ) as Event;
    for (const listener of [...this.listeners]) listener(event);
  }
}

function testOf(to: TestDestinationArgs): DestinationTest {
  const { domain } = to;
  if (to.host.includes("down")) {
    return {
      usable: false,
      sentence: `${to.host} doesn’t answer on port ${to.port}. Check the name and the port.`,
      steps: [
        {
          step: "connect",
          verdict: "bad",
          sentence: "No connection could be made.",
          technical: `connect ${to.host}:${to.port}: connection refused (os error 111)`,
          took_ms: 12,
        },
      ],
    };
  }
  return {
    usable: true,
    sentence: "Mail can go there.",
    steps: [
      { step: "connect", verdict: "good", sentence: `${to.host} answers.`, technical: "10.0.4.12:25", took_ms: 11 },
      {
        step: "greeting",
        verdict: "good",
        sentence: "It is ready for mail.",
        technical: `220 ${to.host} ESMTP ready`,
        took_ms: 8,
      },
      {
        step: "ehlo",
        verdict: "good",
        sentence: "It takes messages up to 50 MB.",
        technical: `250-${to.host}\n250-SIZE 52428800\n250-STARTTLS\n250 PIPELINING`,
        took_ms: 3,
      },
      {
        step: "starttls",
        verdict: "note",
        sentence: "The connection is encrypted, with a certificate nobody else vouches for.",
        technical: "TLS 1.3, self-signed certificate",
        took_ms: 24,
      },
      {
        step: "made_up_recipient",
        verdict: "good",
        sentence: `It refuses an address we made up, so its word on ${domain} counts.`,
        technical: `>> RCPT TO:<rollcall-check-7f3k2@${domain}>\n<< 550 5.1.1 User unknown`,
        took_ms: 6,
      },
    ],
  };
}
