import type { Event, Fault, Tag } from "../../api/types";

/** How the stand-in behaves, from the address bar: `?state=empty&rows=10000`. */
export type Mood =
  "ready" | "empty" | "learning" | "down" | "closed" | "loading" | "failed" | "away" | "first-run" | "locked";

/** What the engine says while the key to the passwords is in a keychain that cannot be asked (X17). */
export const LOCKED =
  "The key to the passwords that Rollcall keeps is in the keychain, which is locked. Unlock it for the account that Rollcall runs as; Rollcall notices by itself. Mail still comes in, what needs a password waits, and nothing is lost.";

/** What every part of the stand-in shares: the clock, and a way to say that answers are stale. */
export interface Told {
  readonly mood: Mood;
  now: number;
  tell(stale: Tag[], notice?: Event["notice"]): void;
}

export function fault(code: Fault["code"], message: string, ...detail: string[]): Fault {
  return { code, message, detail };
}
