import type {
  BlockedClients,
  Command,
  ListenerRow,
  Receiving,
  SenderHost,
  SetListenerArgs,
  Upstream,
} from "../../api/types";
import * as data from "./data";
import { fault, type Told } from "./told";

const INBOUND: ListenerRow = {
  name: "inbound",
  role: "inbound",
  tls: "starttls",
  address: "0.0.0.0",
  port: 25,
  bound: "0.0.0.0:25",
  fault: null,
};
const TAKEN = "Port 25 is taken by another program. Use another port, or stop that program.";

/** Where mail comes in, who is known there, and who is turned away. */
export class FakeReceiving {
  listener: ListenerRow = { ...INBOUND };
  more: ListenerRow[] = [data.printers];
  upstreams: Upstream[] = [{ address: "192.168.1.20", speaks: "smtp" }];
  hosts: SenderHost[] = [{ network: "10.0.4.0/24", note: "Printers and scanners" }];
  contact = "";
  private blocked = data.blocked();
  private certificate = data.certificate;

  constructor(private readonly told: Told) {
    if (told.mood === "first-run") {
      Object.assign(this.listener, { address: "127.0.0.1", port: 2525, bound: null });
      [this.more, this.hosts, this.upstreams] = [[], [], []];
    }
    if (told.mood !== "ready") this.blocked = [];
    if (told.mood === "closed") Object.assign(this.listener, { bound: null, fault: TAKEN });
  }

  answer(): Receiving {
    return {
      listeners: [{ ...this.listener }, ...this.more],
      upstreams: this.upstreams,
      sender_hosts: this.hosts,
      certificate: this.certificate,
      reply_contact: this.contact,
    };
  }

  blockedClients(): BlockedClients {
    return { blocked: this.blocked, under_attack: false, invalid_last_minute: 0 };
  }

  /** A client has guessed too much. */
  block(address: string): void {
    this.blocked = [...this.blocked, { address, until_ms: this.told.now + data.HOUR, invalid: 10 }];
    this.told.tell(["health"], { kind: "blocked", clients: [address] });
  }

  /** Carries out what it knows; undefined for a command about something else. */
  command(command: Command): unknown {
    switch (command.name) {
      case "unblock_client":
        this.blocked = this.blocked.filter((row) => row.address !== command.args.address);
        this.told.tell(["health", "journal"]);
        return this.blockedClients();
      case "set_reply_contact":
        this.contact = command.args.contact.trim();
        return this.changed();
      case "set_sender_hosts":
        this.hosts = command.args.hosts;
        return this.changed();
      case "remove_listener":
        this.more = this.more.filter((row) => row.name !== command.args.name);
        return this.changed();
      case "import_certificate":
        if (!/BEGIN CERTIFICATE/.test(command.args.pem ?? "") && command.args.pfx_base64 === undefined)
          throw fault("invalid", "Nothing was changed: there is no certificate in it.");
        this.certificate = { ...this.certificate, subject: "CN=mail.fabrikam.example", self_signed: false };
        return this.changed();
      case "set_listener":
        return this.setListener(command.args);
      default:
        return undefined;
    }
  }

  setUpstreams(addresses: readonly (string | Upstream)[]): void {
    this.upstreams = addresses.map((one) => (typeof one === "string" ? { address: one, speaks: "smtp" } : one));
  }

  private setListener(given: SetListenerArgs): unknown {
    const { name, port } = given;
    const taken = port === 25 && this.told.mood === "closed";
    const before = [this.listener, ...this.more].find((row) => row.name === name);
    const row: ListenerRow = {
      name,
      role: given.role ?? before?.role ?? "inbound",
      tls: given.tls ?? before?.tls ?? "starttls",
      address: given.address,
      port,
      bound: taken ? null : `${given.address}:${port}`,
      fault: taken ? TAKEN : null,
    };
    if (name === "inbound") this.listener = row;
    else this.more = [...this.more.filter((other) => other.name !== name), row];
    this.told.tell(["setup", "health", "journal"]);
    return { listener: { ...row } };
  }

  private changed(): Receiving {
    this.told.tell(["setup", "health", "journal"]);
    return this.answer();
  }
}
