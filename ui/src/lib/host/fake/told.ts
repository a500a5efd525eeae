import type { Event, Fault, Tag } from "../../api/types";

/** How the stand-in behaves, from the address bar: `?state=empty&rows=10000`. */
export type Mood = "ready" | "empty" | "learning" | "down" | "closed" | "loading" | "failed" | "away" | "first-run";

/** What every part of the stand-in shares: the clock, and a way to say that answers are stale. */
export interface Told {
  readonly mood: Mood;
  now: number;
  tell(stale: Tag[], notice?: Event["notice"]): void;
}

export function fault(code: Fault["code"], message: string, ...detail: string[]): Fault {
  return { code, message, detail };
}
