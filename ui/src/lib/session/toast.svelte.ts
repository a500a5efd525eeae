import type { Fault } from "../api/types";
import type { Route } from "./route.svelte";

/** What just happened. One at a time: the next one replaces it. */
export interface Message {
  tone: "ok" | "bad" | "note";
  text: string;
  /** The technical side of a refusal. */
  detail: string[];
  /** A button beside the text. */
  action: { label: string; keys: string | null; testid: string; run: () => void } | null;
  /** True for a place that already shows what the message is about. There it is not said, and taken down. */
  shownAt?: (route: Route) => boolean;
}

const STAYS_MS = 10_000;
const TICK_MS = 100;

/** Shows a message for 10 s. The time stands still while it is hovered or focused, or the window is in the background. */
export class Toast {
  now = $state.raw<Message | null>(null);

  private left = 0;
  private held = false;
  private timer: ReturnType<typeof setInterval> | null = null;

  say(text: string, action: Message["action"] = null, tone: Message["tone"] = "ok"): void {
    this.show({ tone, text, detail: [], action });
  }

  /** Points to something in the window, until the person is there. */
  point(text: string, action: Message["action"], shownAt: (route: Route) => boolean): void {
    this.show({ tone: "note", text, detail: [], action, shownAt });
  }

  /** The window shows another place. */
  arrived(route: Route): void {
    if (this.now?.shownAt?.(route) === true) this.close();
  }

  refuse(fault: Fault): void {
    this.show({ tone: "bad", text: fault.message, detail: fault.detail, action: null });
  }

  hold(held: boolean): void {
    this.held = held;
  }

  close(): void {
    this.now = null;
    this.held = false;
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private show(message: Message): void {
    this.now = message;
    this.left = STAYS_MS;
    this.timer ??= setInterval(() => this.tick(), TICK_MS);
  }

  private tick(): void {
    if (this.held || document.hidden) return;
    this.left -= TICK_MS;
    if (this.left <= 0) this.close();
  }
}
