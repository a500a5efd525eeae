// Every function takes `now`: in a practice office it is the virtual clock, never the computer's.

/** The language of the window is English; the way of writing dates and hours is the computer's where it is English too. */
export function localeFrom(language: string | undefined): string {
  return language?.toLowerCase().startsWith("en") ? language : "en-GB";
}

const LOCALE = localeFrom(typeof navigator === "undefined" ? undefined : navigator.language);
const part = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => new Intl.DateTimeFormat(LOCALE, options);

const clock = part({ hour: "2-digit", minute: "2-digit" });
const clockSeconds = part({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const weekday = part({ weekday: "short" });
const day = part({ day: "numeric", month: "short" });
const dayYear = part({ day: "numeric", month: "short", year: "numeric" });
const monthYear = part({ month: "short", year: "numeric" });
const fullDay = part({ weekday: "long", day: "numeric", month: "long" });
const exactDay = part({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const number = new Intl.NumberFormat(LOCALE);

const DAY_MS = 86_400_000;

/** Local midnight before `ms`. */
function dayStart(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** Whole local days from `ms` back to `now`: 0 today, 1 yesterday, negative in the future. Rounds over clock changes. */
function daysBetween(ms: number, now: number): number {
  return Math.round((dayStart(now) - dayStart(ms)) / DAY_MS);
}

/** `14:21` today, `Mon 16:02` this week, `2 Nov` before, `2 Nov 2025` in another year. */
export function when(ms: number, now: number): string {
  const days = daysBetween(ms, now);
  if (days === 0) return clock.format(ms);
  if (days > 0 && days < 7) return `${weekday.format(ms)} ${clock.format(ms)}`;
  return dayOf(ms, now);
}

/** As `when`, without the hour for other days: `14:21`, `Mon`, `2 Nov`. For narrow columns. */
export function whenShort(ms: number, now: number): string {
  const days = daysBetween(ms, now);
  if (days === 0) return clock.format(ms);
  if (days > 0 && days < 7) return weekday.format(ms);
  return dayOf(ms, now);
}

/** `2 Nov`, with the year when it isn't this one. */
export function dayOf(ms: number, now: number): string {
  return new Date(ms).getFullYear() === new Date(now).getFullYear() ? day.format(ms) : dayYear.format(ms);
}

/** `Nov 2026`. */
export function monthOf(ms: number): string {
  return monthYear.format(ms);
}

/** `12 Nov, 14:40`. */
export function clockAndDay(ms: number, now: number): string {
  return `${dayOf(ms, now)}, ${clock.format(ms)}`;
}

/** `Thursday 12 November, 14:40`. */
export function dayAndTime(ms: number): string {
  return `${fullDay.format(ms).replace(",", "")}, ${clock.format(ms)}`;
}

/** `Thursday 12 November 2026, 14:40:12`, for the tooltip of every time. */
export function exactly(ms: number): string {
  return `${exactDay.format(ms).replace(",", "")}, ${clockSeconds.format(ms)}`;
}

/** `10:00`. */
export function timeOfDay(ms: number): string {
  return clock.format(ms);
}

/** Machine-readable, for `<time datetime>`. */
export function machine(ms: number): string {
  return new Date(ms).toISOString();
}

/** `1,204`. */
export function count(value: number): string {
  return number.format(value);
}

/** `420 bytes`, `24 KB`, `1.2 MB`, `184 GB`. */
export function size(bytes: number): string {
  if (bytes >= 10_000_000_000) return `${count(Math.round(bytes / 1_000_000_000))} GB`;
  if (bytes >= 1_000_000_000) return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `38 ms`, `1.4 s`. */
export function took(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Seconds, minutes, hours or days that passed, as a number and its unit. */
export function passed(ms: number, now: number): { value: number; unit: "second" | "minute" | "hour" | "day" } {
  const seconds = Math.max(0, Math.round((now - ms) / 1000));
  if (seconds < 60) return { value: seconds, unit: "second" };
  if (seconds < 3600) return { value: Math.floor(seconds / 60), unit: "minute" };
  if (seconds < 86_400) return { value: Math.floor(seconds / 3600), unit: "hour" };
  return { value: Math.floor(seconds / 86_400), unit: "day" };
}
