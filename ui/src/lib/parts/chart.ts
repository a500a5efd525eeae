/** The parts of a bar from the bottom up. */
export const PARTS = ["delivered", "waiting", "deferred", "refused", "failed"] as const;
export type Part = (typeof PARTS)[number];

/** The mail of one hour, day, week or month. */
export interface Bar extends Record<Part, number> {
  start_ms: number;
  end_ms: number;
}

export function totalOf(bar: Record<Part, number>): number {
  return PARTS.reduce((sum, part) => sum + bar[part], 0);
}

export function sums(bars: readonly Record<Part, number>[]): Record<Part, number> {
  const sum = (part: Part): number => bars.reduce((total, bar) => total + bar[part], 0);
  return {
    delivered: sum("delivered"),
    waiting: sum("waiting"),
    deferred: sum("deferred"),
    refused: sum("refused"),
    failed: sum("failed"),
  };
}

/** Those that are shown: what is rare is left out while there is none of it. */
export function shownParts(total: Record<Part, number>): Part[] {
  return PARTS.filter((part) => (part !== "waiting" && part !== "failed") || total[part] > 0);
}

/** Every how many bars of this width one can have a label of `room` pixels below it. */
export function labelEvery(step: number, room: number): number {
  return [1, 2, 3, 4, 6, 8, 12, 24].find((every) => every * step >= room) ?? 48;
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
