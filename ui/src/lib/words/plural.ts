import { count } from "../format/time";

/** `1 address`, `7 addresses`. */
export function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A sentence with parts that stand out. */
export type Phrase = (string | { strong: string })[];

/** The same sentence without its marks, for labels and tooltips. */
export function plain(phrase: Phrase): string {
  return phrase.map((part) => (typeof part === "string" ? part : part.strong)).join("");
}
