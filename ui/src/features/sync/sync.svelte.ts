import type { AddressListArgs, SyncPreview, SyncRun, SyncVerb } from "../../lib/api/types";
import { faultOf } from "../../lib/api/contract";
import { localOf } from "../../lib/format/address";
import { Live } from "../../lib/live/live.svelte";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

export type Shown = "all" | SyncVerb | "problem";
/** The sheet that is open, and where it begins. */
export type Sheet = { kind: "ldap" | "entra"; step: number };
/** What is asked before it is done. */
export type Question = "off" | "forget" | "guard";

const RUNS = 24;

/** What the Sync screen knows and can do. No markup. */
export class Syncing {
  readonly sync: Live<"sync">;
  readonly runs: Live<"sync_runs">;
  readonly detail: Live<"sync_run">;
  /** The run whose lines are shown; `null` for the latest one that did something. */
  picked = $state<number | null>(null);
  shown = $state<Shown>("all");
  sheet = $state.raw<Sheet | null>(null);
  question = $state<Question | null>(null);
  previewing = $state(false);
  preview = $state.raw<SyncPreview | null>(null);
  /** What a preview or a run was refused with. */
  refused = $state<string | null>(null);

  constructor(private readonly session: Session) {
    this.sync = new Live(session.bus, "sync", () => ({}));
    this.runs = new Live(session.bus, "sync_runs", () => ({ limit: RUNS }));
    this.detail = new Live(session.bus, "sync_run", () => {
      const id = this.run?.id;
      if (id === undefined) return null;
      return this.shown === "all" || this.shown === "problem" ? { id } : { id, verb: this.shown };
    });
  }

  /** The latest runs that were more than a look, the latest first. */
  get real(): SyncRun[] {
    return (this.runs.value?.rows ?? []).filter((run) => run.outcome !== "previewed");
  }

  /** The run whose lines are on the screen. */
  get run(): SyncRun | null {
    return this.real.find((run) => run.id === this.picked) ?? this.real[0] ?? null;
  }

  get running(): boolean {
    return this.sync.value?.state.word === "running";
  }

  /** Runs now. A run that stopped or failed says so where the last run stands. */
  async runNow(accept: { first?: boolean; missing?: boolean } = {}): Promise<boolean> {
    if (this.running) return false;
    this.picked = null;
    this.refused = null;
    const args = {
      ...(accept.first ? { accept_first: true } : {}),
      ...(accept.missing ? { accept_missing: true } : {}),
    };
    const run = await this.session.attempt("sync", () => this.session.bus.command("run_sync", args));
    if (run === null) return false;
    if (run.entry !== null) {
      this.session.remember(run.entry);
      this.session.offerUndo(run.sentence, [run.entry]);
    } else this.session.toast.say(run.sentence);
    return true;
  }

  async stop(): Promise<void> {
    const answer = await this.session.attempt("cancel", () => this.session.bus.command("cancel_sync", {}));
    if (answer !== null) this.session.toast.say(words.sync.run.stopped, null, "note");
  }

  /** Asks what the next run would do; nothing changes. */
  async look(): Promise<void> {
    this.previewing = true;
    this.preview = this.refused = null;
    try {
      this.preview = await this.session.bus.command("preview_sync", {});
    } catch (thrown) {
      this.refused = faultOf(thrown).message;
    }
  }

  async turnOff(): Promise<void> {
    this.question = null;
    const change = () => this.session.bus.command("set_sync_schedule", { hours: 0 });
    if ((await this.session.attempt("schedule", change)) !== null) this.session.toast.say(words.sync.turnOff.done);
  }

  async setHours(hours: number): Promise<void> {
    await this.session.attempt("schedule", () => this.session.bus.command("set_sync_schedule", { hours }));
  }

  async forget(): Promise<void> {
    this.question = null;
    const answer = await this.session.attempt("source", () => this.session.bus.command("remove_source", {}));
    if (answer !== null) this.session.toast.say(words.sync.turnOff.forgotten);
  }

  async settle(problem: { address: string | null }, choice: { choice: string; entry: string | null }): Promise<void> {
    const { address } = problem;
    if (address === null) return;
    const args = {
      address,
      choice: choice.choice as "directory" | "keep" | "functional" | "inactive",
      ...(choice.entry === null ? {} : { entry: choice.entry }),
    };
    const change = () => this.session.bus.command("settle_sync_conflict", args);
    if ((await this.session.attempt("settle", change)) !== null) this.session.toast.say(words.sync.problems.settled);
  }

  /** Settles every question about a blocked sign-in alike (pitfall 3). */
  async settleBlocked(choice: "functional" | "inactive" | "keep"): Promise<void> {
    const change = () => this.session.bus.command("settle_blocked_sign_ins", { choice });
    const asked = this.sync.value?.problems.filter((problem) => problem.kind === "disabled").length ?? 0;
    const answer = await this.session.attempt("settle", change);
    if (answer === null) return;
    const says = () => words.sync.problems.settledAll(asked);
    if (answer.entry === null) this.session.toast.say(says());
    else this.session.changed(answer, says);
  }

  /** Keeps whom the run that stopped would have put aside, and lets it go on (N16). */
  async keepEveryone(): Promise<void> {
    const answer = await this.session.attempt("leaving", () => this.session.bus.command("keep_everyone", {}));
    if (answer === null) return;
    await this.runNow();
    this.session.changed(answer, () => words.sync.guard.kept(answer.addresses.length));
  }

  async keep(addresses: string[]): Promise<void> {
    const answer = await this.session.attempt("leaving", () => this.session.bus.command("keep_leaving", { addresses }));
    if (answer !== null)
      this.session.changed(answer, () => words.sync.leaving.kept(addresses.length, localOf(addresses[0] ?? "")));
  }

  async remove(addresses: AddressListArgs["addresses"]): Promise<void> {
    const answer = await this.session.attempt("leaving", () =>
      this.session.bus.command("delete_address", { addresses }),
    );
    if (answer !== null) this.session.changed(answer, words.discovered.done.deleted);
  }

  /** Leaves entries alone for ever, or not any more (Z03). */
  async exempt(ids: string[], on: boolean, name: string): Promise<boolean> {
    const answer = await this.session.attempt("exempt", () =>
      this.session.bus.command("exempt_from_sync", { ids, on }),
    );
    if (answer === null) return false;
    this.session.toast.say(on ? words.sync.run.exempted(ids.length) : words.sync.exempt.done(name));
    return true;
  }

  /** Trusts the certificate that the server showed (V21). */
  async trust(sha256: string): Promise<boolean> {
    const change = () => this.session.bus.command("trust_certificate", { sha256 });
    const answer = await this.session.attempt("trust", change);
    if (answer !== null && sha256 !== "") this.session.toast.say(words.sync.certificate.trusted);
    return answer !== null;
  }
}
