import { untrack } from "svelte";
import { faultOf, READS, type Answers, type QueryArgs, type QueryName } from "../api/contract";
import type { Fault } from "../api/types";
import type { Stop } from "../host/host";
import type { Bus } from "./bus.svelte";

/** The four things a view can know about an answer. There is no fifth. */
export type Resource<T> =
  | { is: "loading" }
  | { is: "ready"; value: T }
  | { is: "stale"; value: T }
  | { is: "failed"; fault: Fault; last: T | null };

/** The last answer, however old. */
export function lastOf<T>(resource: Resource<T>): T | null {
  if (resource.is === "ready" || resource.is === "stale") return resource.value;
  return resource.is === "failed" ? resource.last : null;
}

const GAP_MS = 150;

/**
 * One query that keeps itself fresh. It numbers its questions and drops an answer that a later question has overtaken;
 * a failed refresh keeps the last value. Events that arrive faster than `GAP_MS` share one question.
 */
export class Live<N extends QueryName> {
  now = $state.raw<Resource<Answers[N]>>({ is: "loading" });

  private asked = 0;
  private askedArgs = "";
  private timer: ReturnType<typeof setTimeout> | null = null;
  private counted = false;

  /** `args` answers null while there is nothing to ask. */
  constructor(
    private readonly bus: Bus,
    private readonly name: N,
    private readonly args: () => QueryArgs<N> | null,
    /** How long events wait for each other. */
    private readonly gapMs = GAP_MS,
  ) {}

  get value(): Answers[N] | null {
    return lastOf(this.now);
  }

  /** Keeps the answer fresh until the returned function is called. In an `$effect` it also follows its arguments. */
  start(): Stop {
    const args = this.args();
    const key = JSON.stringify(args);
    untrack(() => {
      if (key !== this.askedArgs) this.now = { is: "loading" };
      this.askedArgs = key;
      this.count(args !== null && this.now.is === "loading");
      void this.refresh();
    });
    const stop = this.bus.onStale((stale) => {
      if (stale.some((tag) => READS[this.name].includes(tag))) this.soon();
    });
    return () => {
      stop();
      this.count(false);
      if (this.timer !== null) clearTimeout(this.timer);
      this.timer = null;
      this.asked += 1;
    };
  }

  async refresh(): Promise<void> {
    const args = untrack(this.args);
    if (args === null) return;
    const mine = (this.asked += 1);
    const last = lastOf(this.now);
    if (last !== null && this.now.is === "ready") this.now = { is: "stale", value: last };
    try {
      const value = await this.bus.query(this.name, args);
      if (mine === this.asked) this.now = { is: "ready", value };
    } catch (thrown) {
      if (mine === this.asked) this.now = { is: "failed", fault: faultOf(thrown), last: lastOf(this.now) };
    }
    if (mine === this.asked) this.count(false);
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.refresh();
    }, this.gapMs);
  }

  private count(loading: boolean): void {
    if (loading === this.counted) return;
    this.counted = loading;
    this.bus.loading += loading ? 1 : -1;
  }
}
