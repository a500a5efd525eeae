import {
  faultOf,
  type Answers,
  type CommandArgs,
  type CommandName,
  type QueryArgs,
  type QueryName,
  type Results,
} from "../api/contract";
import type { Event, Fault, Tag } from "../api/types";
import type { Host, Stop } from "../host/host";

const ALL_TAGS: readonly Tag[] = [
  "addresses",
  "mail",
  "journal",
  "health",
  "setup",
  "clock",
  "access",
  "notifications",
];
const AWAY_RETRY_MS = 5000;

/**
 * The one way to the engine: asks, commands, and passes on which answers went stale.
 * It also knows whether the engine can be reached at all, because every view must say so.
 */
export class Bus {
  /** The refusal of the last question, while the engine cannot be reached. */
  away = $state.raw<Fault | null>(null);
  /** First loads that have not been answered yet. */
  loading = $state(0);

  private readonly listeners = new Set<(stale: readonly Tag[]) => void>();
  private readonly notices = new Set<(event: Event) => void>();
  private unsubscribe: Stop | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;

  constructor(readonly host: Host) {}

  /** Subscribes to the engine until the returned function is called. */
  open(): Stop {
    this.unsubscribe = this.host.subscribe((event) => this.take(event));
    return () => {
      this.unsubscribe?.();
      if (this.retry !== null) clearTimeout(this.retry);
    };
  }

  async query<N extends QueryName>(name: N, args: QueryArgs<N>): Promise<Answers[N]> {
    return this.watched(this.host.query(name, args)) as Promise<Answers[N]>;
  }

  async command<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Results[N]> {
    return this.watched(this.host.command(name, args)) as Promise<Results[N]>;
  }

  /** Calls back with the stale tags of every event. */
  onStale(listener: (stale: readonly Tag[]) => void): Stop {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls back with every event that carries a notice. */
  onNotice(listener: (event: Event) => void): Stop {
    this.notices.add(listener);
    return () => this.notices.delete(listener);
  }

  /** Asks everything again, as if all of it had changed. */
  refreshAll(): void {
    for (const listener of [...this.listeners]) listener(ALL_TAGS);
  }

  private take(event: Event): void {
    for (const listener of [...this.listeners]) listener(event.stale);
    if (event.notice != null) for (const listener of [...this.notices]) listener(event);
  }

  private async watched(asked: Promise<unknown>): Promise<unknown> {
    try {
      const answer = await asked;
      this.away = null;
      return answer;
    } catch (thrown) {
      const fault = faultOf(thrown);
      if (fault.code === "unavailable") this.lost(fault);
      throw fault;
    }
  }

  private lost(fault: Fault): void {
    this.away = fault;
    if (this.retry !== null) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      this.refreshAll();
    }, AWAY_RETRY_MS);
  }
}
