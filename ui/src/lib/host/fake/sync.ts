import type { Command, DirectoryLook, LookDirectoryArgs, Sync, SyncRun, SyncRunDetail } from "../../api/types";
import { looksLikeIp } from "../../format/address";
import { words } from "../../words";
import * as data from "./data";
import * as given from "./syncdata";
import { fault, LOCKED, type Told } from "./told";

const FINGERPRINT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** What is directly below a branch. */
function branches(under: string | undefined): { dn: string; name: string }[] {
  const top = "DC=fabrikam,DC=example";
  const of = (names: string[], below: string) => names.map((name) => ({ dn: `OU=${name},${below}`, name }));
  if (under === undefined) return [{ dn: top, name: top }];
  if (under === top) return of(["Left", "Office", "Service accounts"], top);
  return under.startsWith("OU=Office") ? of(["Berlin", "Leeds"], under) : [];
}

/** The sync with a directory. `how`: `on`, `ldap`, `waiting`, `running`, `blocked`, `failed`, `signin`, `stopped`, `paused`, `calm`. */
export class FakeSync {
  private now: Sync = given.nothing;
  private runs: SyncRun[] = [];

  constructor(
    private readonly told: Told,
    how: string | null,
  ) {
    if (how !== null) this.fill(how);
  }

  get holds(): boolean {
    return this.now.state.holds_discovery;
  }

  answer(): Sync {
    const { source } = this.now;
    const locked = this.told.mood === "locked" && source !== null;
    const more = locked ? { source: { ...source, secret_place: "keychain" as const, secret_trouble: LOCKED } } : {};
    return { ...this.now, ...more, last_run: this.runs[0] ?? null };
  }

  list(): { rows: SyncRun[] } {
    return { rows: this.runs };
  }

  run(id: number, verb: string | undefined): SyncRunDetail {
    const run = this.runs.find((one) => one.id === id);
    if (run === undefined) throw fault("not_found", "That run is no longer known.");
    const did = run.add + run.update + run.missing > 0 ? given.changes : [];
    const changes = did.filter((change) => verb === undefined || change.verb === verb);
    const problems = run.problems > 0 ? [given.problems[0]?.sentence ?? ""] : [];
    return { run, changes, changes_total: changes.length, problems };
  }

  private fill(how: string): void {
    const ldap = how === "ldap" || how === "failed";
    const { shown } = given;
    const active: Sync = {
      ...given.nothing,
      state: shown("on", { holds_discovery: true }),
      source: ldap ? given.ldap : given.entra,
      hours: 1,
      accepted: true,
      last_good_ms: data.at(0, 14, 5),
      next_run_ms: given.soon,
      in_step: 48,
      leaving: given.leaving,
      leaving_total: given.leaving.length,
      problems: ldap ? [...given.problems, given.blocked("reception")] : given.problems,
      problems_total: 2,
      exempt: given.exempt,
      known_by: ["directory", "operator", "mail_server"],
    };
    this.runs = given.runs();
    this.now = active;
    const failed = (sentence: string, more: Partial<Sync> = {}): void => {
      this.now = { ...active, state: shown("failed", { holds_discovery: true, sentence }), failures: 3, ...more };
      const last = given.run(125, data.at(0, 14, 35), { outcome: "failed", sentence, found: 0 });
      this.runs = [last, ...this.runs];
    };
    if (how === "blocked")
      this.now = {
        ...active,
        problems: [...given.problems, ...["reception", "info", "board"].map(given.blocked)],
        problems_total: 5,
      };
    else if (how === "waiting") {
      this.now = { ...given.nothing, state: shown("preview_waiting"), source: given.entra };
      this.runs = [];
    } else if (how === "running")
      this.now = { ...active, state: shown("running", { holds_discovery: true, entries: 31 }) };
    else if (how === "paused") this.now = { ...active, state: shown("off"), hours: 0, next_run_ms: null };
    else if (how === "calm")
      this.now = { ...active, problems: [], problems_total: 0, leaving: [], leaving_total: 0, exempt: [] };
    else if (how === "failed")
      failed(
        "dc1.fabrikam.example doesn’t answer on port 636. Is the server on, and does a firewall let Rollcall through?",
      );
    else if (how === "signin")
      failed("Microsoft Entra refused the client secret: it has ended. Make a new one and give it here.", {
        source: { ...given.entra, secret_expires_ms: data.at(1, 10, 0) },
      });
    else if (how === "stopped") {
      const sentence = "9 of 49 accounts are not in the directory any more.";
      this.now = { ...active, state: shown("failed", { holds_discovery: true, sentence, would_lose: 9 }) };
      this.runs = [given.run(125, data.at(0, 14, 35), { outcome: "stopped", sentence, found: 40 }), ...this.runs];
    }
  }

  command(command: Command): unknown {
    switch (command.name) {
      case "look_directory":
        return this.look(command.args);
      case "directory_tree":
        return { branches: branches(command.args.parent) };
      case "preview_sync": {
        const guard = this.now.state.would_lose !== null;
        const more = guard
          ? { missing: 9, would_stop: "9 of 49 accounts are not in the directory any more.", add: 0, new_users: 0 }
          : {};
        return { ...given.preview, first: !this.now.accepted, ...more };
      }
      case "set_ldap_source":
        return this.set({ source: given.ldap, state: given.shown("preview_waiting") });
      case "set_entra_source":
        return this.set({ source: given.entra, state: given.shown("preview_waiting") });
      case "set_sync_options":
        return this.set({ options: { ...this.now.options, ...command.args } });
      default:
        return this.decide(command);
    }
  }

  private decide(command: Command): unknown {
    switch (command.name) {
      case "run_sync":
        return this.runNow();
      case "set_sync_schedule":
        return this.schedule(command.args.hours);
      case "remove_source":
        this.runs = [];
        return this.set(given.nothing);
      case "cancel_sync":
        return this.set({ state: given.shown("on", { holds_discovery: true }) });
      case "settle_sync_conflict":
        return this.set({ problems: this.now.problems.filter((one) => one.address !== command.args.address) });
      case "settle_blocked_sign_ins": {
        const asked = this.now.problems.filter((one) => one.kind === "disabled");
        this.set({ problems: this.now.problems.filter((one) => one.kind !== "disabled") });
        return { entry: null, addresses: asked.flatMap((one) => one.address ?? []), unchanged: [] };
      }
      case "keep_everyone":
        return { entry: 1, addresses: ["lee.elm@fabrikam.example"], unchanged: [] };
      case "keep_leaving": {
        const gone = new Set(command.args.addresses);
        const leaving = this.now.leaving.filter((one) => !gone.has(one.address));
        this.set({ leaving, leaving_total: leaving.length });
        return { entry: null, addresses: command.args.addresses, unchanged: [] };
      }
      case "exempt_from_sync": {
        const { ids, on } = command.args;
        const known = this.now.exempt.filter((one) => !ids.includes(one.id));
        return this.set({ exempt: on ? [...known, given.entry("Ira Acacia")] : known });
      }
      case "trust_certificate":
      case "set_sync_secret":
      case "set_entra_certificate":
        return this.answer();
      default:
        return undefined;
    }
  }

  private set(change: Partial<Sync>): Sync {
    const active = this.now.accepted && change.state?.word === "preview_waiting" ? { state: this.now.state } : {};
    this.now = { ...this.now, ...change, ...active };
    this.told.tell(["sync", "setup", "health", "journal"]);
    return this.answer();
  }

  private schedule(hours: number): Sync {
    const on = hours > 0;
    const state = given.shown(on ? "on" : "off", { holds_discovery: on });
    return this.set({ hours, state, accepted: true, next_run_ms: on ? this.told.now + hours * data.HOUR : null });
  }

  private runNow(): SyncRun {
    const done = given.run(126, this.told.now, {
      cause: "now",
      who: "technician",
      add: 2,
      update: 3,
      missing: 1,
      problems: 1,
      sentence: "2 added, 3 changed, 1 leaving.",
    });
    this.runs = [done, ...this.runs];
    this.set({
      accepted: true,
      state: given.shown("on", { holds_discovery: this.now.hours > 0 }),
      failures: 0,
      in_step: 48,
      problems: given.problems,
      problems_total: 2,
      leaving: given.leaving,
      leaving_total: 2,
    });
    return done;
  }

  /** Servers by name: `old` has a certificate that nobody trusts, `gone` does not answer; the password `wrong` is. */
  private look({ ldap, entra }: LookDirectoryArgs): DirectoryLook {
    const none: DirectoryLook = {
      usable: false,
      sentence: "",
      certificate: null,
      found: 0,
      kinds: [],
      disabled: 0,
      hidden: 0,
      without_mail: 0,
      aliases: 0,
      examples: [],
      foreign_domains: [],
      remarks: [],
    };
    if (ldap?.host.startsWith("gone") === true)
      return { ...none, sentence: `${ldap.host} doesn’t answer on port ${ldap.port}. Is the server on?` };
    if (ldap?.secret === "wrong" || entra?.secret === "wrong")
      return { ...none, sentence: "The directory doesn’t take this account and password. Type both again." };
    const named = ldap === undefined || ldap.security === "none" || !looksLikeIp(ldap.host);
    if (ldap !== undefined && (ldap.host.startsWith("old") || !named) && ldap.trusted_sha256 !== FINGERPRINT) {
      const certificate = {
        sha256: FINGERPRINT,
        names: [ldap.host],
        issuer: `CN=${ldap.host}`,
        not_after_ms: data.NOW + 400 * data.DAY,
      };
      const sentence = named ? `${ldap.host} made its certificate itself.` : words.sync.ldap.needsName;
      return { ...none, sentence, certificate };
    }
    return {
      ...none,
      usable: true,
      sentence: "54 entries that may get mail.",
      found: 54,
      kinds: [
        { kind: "person", count: 41 },
        { kind: "shared_mailbox", count: 5 },
        { kind: "resource", count: 3 },
        { kind: "distribution_group", count: 4 },
        { kind: "security_group", count: 1 },
      ],
      disabled: 3,
      hidden: 2,
      without_mail: 6,
      aliases: 23,
      examples: [
        given.entry("Ira Acacia", "person", 1),
        given.entry("Kim Cedar", "person", 2),
        given.entry("Meeting Room 2", "resource"),
        given.entry("Sales", "shared_mailbox", 1),
        given.entry("All Staff", "distribution_group"),
      ],
      foreign_domains: ["fabrikam-old.example"],
    };
  }
}
