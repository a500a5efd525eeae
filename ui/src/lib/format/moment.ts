// Reads a moment as people write it: `14:00`, `yesterday 9:30`, `Tue`, `12 Nov 14:00`, `2026-11-12`, `12.11. 8:00`.

const DAY_MS = 86_400_000;
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const CLOCK = /(?:^|[\s,t]+)(\d{1,2})(?::(\d{2}))(?::\d{2})?\s*(am|pm)?$|(?:^|[\s,]+)(\d{1,2})\s*(am|pm)$/;

/** Local milliseconds, or null for what is no moment. A day alone is its beginning, or its end where `isEnd`. */
export function momentOf(text: string, now: number, isEnd = false): number | null {
  const written = text.trim().toLowerCase();
  if (written === "") return null;
  if (written === "now") return now;
  const clock = CLOCK.exec(written);
  const day = dayOf(written.slice(0, clock?.index ?? written.length).trim(), now);
  if (day === null) return null;
  if (clock === null) return isEnd ? new Date(day).setHours(24, 0, 0, 0) : day;
  const minutes = minutesOf(clock);
  return minutes === null ? null : new Date(day).setHours(0, minutes, 0, 0);
}

/** As the fields show a moment: `2026-11-12 14:00`. */
export function written(ms: number): string {
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

function minutesOf([, hours, minutes, half, hoursAlone, halfAlone]: RegExpExecArray): number | null {
  const hour = Number(hours ?? hoursAlone);
  const noon = half ?? halfAlone;
  const minute = Number(minutes ?? 0);
  if (minute > 59 || hour > (noon === undefined ? 24 : 12) || (noon !== undefined && hour === 0)) return null;
  const turned = noon === undefined ? hour : (hour % 12) + (noon === "pm" ? 12 : 0);
  return turned * 60 + minute > 1440 ? null : turned * 60 + minute;
}

/** The local midnight at which a day begins; without a word it is today. */
function dayOf(word: string, now: number): number | null {
  const today = new Date(now).setHours(0, 0, 0, 0);
  if (word === "" || word === "today") return today;
  if (word === "yesterday") return new Date(today - DAY_MS / 2).setHours(0, 0, 0, 0);
  const weekday = /^[a-z]+$/.test(word) ? WEEKDAYS.indexOf(word.slice(0, 3)) : -1;
  if (weekday >= 0) {
    const back = (new Date(today).getDay() - weekday + 7) % 7;
    return new Date(new Date(today).setDate(new Date(today).getDate() - back)).setHours(0, 0, 0, 0);
  }
  return dateOf(word, now);
}

function dateOf(word: string, now: number): number | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word);
  if (iso !== null) return midnight(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})?$/.exec(word);
  if (dotted !== null) return lately(dotted[3], Number(dotted[2]), Number(dotted[1]), now);
  const named = /^(\d{1,2})\.?\s+([a-z]{3,9})\.?,?(?:\s+(\d{4}))?$/.exec(word);
  const turned = /^([a-z]{3,9})\.?\s+(\d{1,2}),?(?:\s+(\d{4}))?$/.exec(word);
  const month = MONTHS.indexOf((named?.[2] ?? turned?.[1] ?? "").slice(0, 3)) + 1;
  if (month === 0) return null;
  return lately(named?.[3] ?? turned?.[3], month, Number(named?.[1] ?? turned?.[2]), now);
}

/** Without a year the last such day that is not in the future. */
function lately(year: string | undefined, month: number, day: number, now: number): number | null {
  if (year !== undefined) return midnight(Number(year), month, day);
  const thisYear = new Date(now).getFullYear();
  const found = midnight(thisYear, month, day);
  return found !== null && found > now ? midnight(thisYear - 1, month, day) : found;
}

/** Null for a day that the calendar does not have. */
function midnight(year: number, month: number, day: number): number | null {
  const at = new Date(year, month - 1, day);
  return at.getMonth() === month - 1 && at.getDate() === day ? at.getTime() : null;
}
