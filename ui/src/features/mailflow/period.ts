import { momentOf } from "../../lib/format/moment";
import { clockAndDay, dayOf, timeOfDay } from "../../lib/format/time";
import { words } from "../../lib/words";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What is chosen with one click. */
export const QUICK = ["hour", "today", "day", "week", "month", "all"] as const;
export type Quick = (typeof QUICK)[number];

/** The time whose messages are shown: counted back from now, or from one moment to another. */
export type Period = { quick: Quick } | { from: number | null; until: number | null };

/** The same in milliseconds, as the engine is asked for it. */
export interface Range {
  from_ms?: number;
  until_ms?: number;
}

export function rangeOf(period: Period, now: number): Range {
  if (!("quick" in period))
    return {
      ...(period.from === null ? {} : { from_ms: period.from }),
      ...(period.until === null ? {} : { until_ms: period.until }),
    };
  switch (period.quick) {
    case "hour":
      return { from_ms: now - HOUR_MS };
    case "today":
      return { from_ms: new Date(now).setHours(0, 0, 0, 0) };
    case "day":
      return { from_ms: now - DAY_MS };
    case "week":
      return { from_ms: now - 7 * DAY_MS };
    case "month":
      return { from_ms: now - 30 * DAY_MS };
    case "all":
      return {};
  }
}

/** True when it leaves something of the log out. */
export function isPart(period: Period): boolean {
  return !("quick" in period) || period.quick !== "all";
}

/** `Last 24 hours`, `11 Nov, 14:00 to 15:00`, `from 11 Nov, 14:00`. */
export function labelOf(period: Period, now: number): string {
  const w = words.period;
  if ("quick" in period) return w.quick[period.quick];
  const { from, until } = period;
  if (from === null && until === null) return w.quick.all;
  if (until === null) return w.from(clockAndDay(from ?? 0, now));
  if (from === null) return w.until(clockAndDay(until, now));
  const sameDay = dayOf(from, now) === dayOf(until - 1, now);
  return w.between(clockAndDay(from, now), sameDay ? timeOfDay(until) : clockAndDay(until, now));
}

/**
 * The time that a search means: `yesterday`, or `yesterday 14:00` for the hour from then on. A time of day alone may well be
 * part of a subject.
 */
export function periodOf(text: string, now: number): Period | null {
  if (/^\s*\d{1,2}(:\d{2})?\s*(am|pm)?\s*$/i.test(text)) return null;
  const from = momentOf(text, now);
  const end = momentOf(text, now, true);
  if (from === null || end === null) return null;
  return { from, until: end > from ? end : from + HOUR_MS };
}
