import type { MailHour } from "../../lib/api/types";

/** The parts of a bar from the bottom up. */
export const PARTS = ["delivered", "waiting", "deferred", "refused"] as const;
export type Part = (typeof PARTS)[number];

export function totalOf(hour: MailHour): number {
  return PARTS.reduce((sum, part) => sum + hour[part], 0);
}

export function sums(hours: readonly MailHour[]): Record<Part, number> {
  const sum = (part: Part): number => hours.reduce((total, hour) => total + hour[part], 0);
  return { delivered: sum("delivered"), waiting: sum("waiting"), deferred: sum("deferred"), refused: sum("refused") };
}

/** A round top for an axis from 0 with three steps: 3, 6, 15, 30, 60, 150… */
export function axisTop(highest: number): number {
  if (highest <= 3) return 3;
  const power = 10 ** Math.floor(Math.log10(highest));
  const steps = [0.3, 0.6, 1.2, 1.5, 2.1, 3, 4.5, 6, 9, 12].map((step) => Math.round(step * power));
  return steps.find((step) => step >= highest && step % 3 === 0) ?? Math.ceil(highest / 3) * 3;
}

/** Three grid values above zero. */
export function gridValues(top: number): number[] {
  return [1, 2, 3].map((step) => (top / 3) * step);
}
