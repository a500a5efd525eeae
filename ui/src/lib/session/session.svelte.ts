import { getContext, setContext } from "svelte";
import { SvelteSet } from "svelte/reactivity";
import { faultOf } from "../api/contract";
import type { AddressRow, Changed, Fault } from "../api/types";
import { localOf } from "../format/address";
import type { Host, House, Stop } from "../host/host";
import { label } from "../keys/keys";
import { Bus } from "../live/bus.svelte";
import { Live } from "../live/live.svelte";
import { words } from "../words";
import { Router, type Route } from "./route.svelte";
import { Toast } from "./toast.svelte";

const UNDO_STEPS = 20;
const INBOX_ROWS = 50;
const CLOCK_STEP_MS = 1000;
const MINUTE_MS = 60_000;

/** Everything the window knows about the open house. Another house gets another session. */
export class Session {
  readonly bus: Bus;
  readonly router = new Router();
  readonly toast = new Toast();
  readonly health: Live<"health">;
  /** Addresses by state, for the sidebar. */
  readonly counts: Live<"addresses">;
  /** What this window may do. */
  readonly access: Live<"access">;
  readonly seats: Live<"seats">;
  /** What people are told, newest first; the sidebar counts what is unread. */
  readonly inbox: Live<"inbox">;
  inboxOpen = $state(false);
  /** What is being asked of the engine just now, so that a button is not pressed twice. */
  readonly busy = new SvelteSet<string>();
  dialog = $state<"palette" | "keys" | "add" | "csv" | null>(null);

  /** What F5 does on the screen that is shown; false where it only asks again. */
  private refreshing: (() => boolean) | null = null;
  private inboxRows = INBOX_ROWS;
  private readonly undoable: number[] = [];
  /** Counts the seconds, so that what is shown as "ago" moves on. */
  private seconds = $state(0);
  private heard: { told: number; at: number } = { told: 0, at: 0 };

  constructor(
    readonly host: Host,
    readonly house: House,
  ) {
    this.bus = new Bus(host);
    this.health = new Live(this.bus, "health", () => ({}));
    this.counts = new Live(this.bus, "addresses", () => ({ state: "discovered", limit: 1 }));
    this.access = new Live(this.bus, "access", () => ({}));
    this.seats = new Live(this.bus, "seats", () => ({}));
    this.inbox = new Live(this.bus, "inbox", () => ({ limit: this.inboxRows }));
  }

  /** Opens the subscription and the answers every screen needs. Belongs into an `$effect`. */
  start(): Stop {
    const close = this.bus.open();
    const stops = [
      this.health.start(),
      this.counts.start(),
      this.access.start(),
      this.seats.start(),
      this.inbox.start(),
      this.router.start(),
    ];
    const clock = setInterval(() => (this.seconds += 1), CLOCK_STEP_MS);
    return () => {
      clearInterval(clock);
      for (const stop of stops) stop();
      close();
    };
  }

  /** Discovered addresses that want a decision; those that can wait call for nobody. */
  get toDecide(): number {
    const { counts, waiting } = this.counts.value ?? {};
    return Math.max(0, (counts?.discovered ?? 0) - (waiting?.can_wait ?? 0));
  }

  /** Has F5 do `act` until the returned function is called. */
  refreshedBy(act: () => boolean): Stop {
    this.refreshing = act;
    return () => {
      if (this.refreshing === act) this.refreshing = null;
    };
  }

  /** F5: what the screen does with it, else everything is asked again. */
  refresh(): void {
    if (this.refreshing?.() !== true) this.bus.refreshAll();
  }

  /** Asks for more of the inbox. */
  olderInbox(): void {
    this.inboxRows += INBOX_ROWS;
    void this.inbox.refresh();
  }

  get practice(): boolean {
    return this.house.kind === "practice";
  }

  /** The folder's clock: the engine's last word and the time since. In a practice office it is virtual. */
  get now(): number {
    const told = this.health.value?.now_ms;
    if (told === undefined || this.seconds < 0) return Date.now();
    if (told !== this.heard.told) this.heard = { told, at: performance.now() };
    return told + Math.floor(performance.now() - this.heard.at);
  }

  /** Whether what costs money is unlocked. It locks on its own when its time is over; the engine checks again. */
  get isAdministrator(): boolean {
    const until = this.access.value?.signed_in_until_ms ?? null;
    return until !== null && this.now < until;
  }

  /** Minutes until then, rounded up; 0 when it is over, or never was. */
  minutesUntil(ms: number | null): number {
    return ms === null ? 0 : Math.max(0, Math.ceil((ms - this.now) / MINUTE_MS));
  }

  /** Runs one change; a refusal goes to the toast, or where `refuse` shows it, and answers null. */
  async attempt<T>(
    name: string,
    change: () => Promise<T>,
    refuse: (fault: Fault) => void = (fault) => this.toast.refuse(fault),
  ): Promise<T | null> {
    if (this.busy.has(name)) return null;
    this.busy.add(name);
    try {
      return await change();
    } catch (thrown) {
      refuse(faultOf(thrown));
      return null;
    } finally {
      this.busy.delete(name);
    }
  }

  /** Says what a change did and offers to take it back. */
  changed(answer: Changed, said: (count: number, first: string) => string): void {
    const first = answer.addresses[0];
    if (answer.entry === null || first === undefined) {
      this.toast.say(words.discovered.done.nothing, null, "note");
      return;
    }
    this.remember(answer.entry);
    this.offerUndo(said(answer.addresses.length, localOf(first)), [answer.entry]);
  }

  /** What to say of trouble beside its subject: not the whole of it once more if the banner above says it already. */
  beside(trouble: string, short: string): string {
    return this.health.value?.faults.some((fault) => fault.sentence === trouble) ? short : trouble;
  }

  /** Tells of new addresses, unless their list is on the screen or something else is being said. */
  found(addresses: readonly string[]): void {
    const first = addresses[0];
    if (first === undefined || this.toast.now !== null || showsFound(this.router.now)) return;
    const one = addresses.length === 1;
    const text = one ? words.frame.newAddress(localOf(first)) : words.frame.newAddresses(addresses.length);
    const run = (): void => this.router.go("discovered", { address: one ? first : null });
    this.toast.point(text, { label: words.frame.show, keys: null, testid: "show-new", run }, showsFound);
  }

  remember(entry: number): void {
    this.undoable.push(entry);
    if (this.undoable.length > UNDO_STEPS) this.undoable.shift();
  }

  offerUndo(text: string, entries: number[]): void {
    const undo = { label: words.common.undo, keys: label("undo"), testid: "undo", run: () => void this.undo(entries) };
    this.toast.say(text, undo);
  }

  /** Takes entries back, newest first. */
  async undo(entries: number[]): Promise<void> {
    await this.attempt("undo", async () => {
      for (const entry of [...entries].reverse()) {
        await this.bus.command("undo", { entry });
        const at = this.undoable.indexOf(entry);
        if (at >= 0) this.undoable.splice(at, 1);
      }
      this.toast.say(words.frame.undone);
    });
  }

  /** Ctrl+Z: the last decision of this window. */
  async undoLast(): Promise<void> {
    const entry = this.undoable.at(-1);
    if (entry === undefined) this.toast.say(words.frame.nothingToUndo, null, "note");
    else await this.undo([entry]);
  }

  createUsers(rows: readonly Pick<AddressRow, "address" | "first_name" | "surname">[]): Promise<Changed> {
    const users = rows.map((row) => ({
      address: row.address,
      ...(row.first_name ? { first_name: row.first_name } : {}),
      ...(row.surname ? { surname: row.surname } : {}),
    }));
    return this.bus.command("create_user", { users });
  }

  /** What the engine refused last, while it cannot be reached. */
  get away(): Fault | null {
    return this.bus.away;
  }
}

/** The list of addresses that wait for a decision is on the screen. */
function showsFound(route: Route): boolean {
  return route.section === "discovered" && route.filter === null;
}

const KEY = Symbol("session");

export function provideSession(session: Session): Session {
  return setContext(KEY, session);
}

export function useSession(): Session {
  return getContext<Session>(KEY);
}
