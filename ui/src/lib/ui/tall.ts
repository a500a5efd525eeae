/** The tallest element a list is drawn in, in px. Browsers stop at about 33.5 million: a million rows would be cut off. */
export const TALLEST = 24_000_000;

/** Where the rows of a list stand in an element that may be shorter than all of them. */
export interface Tall {
  /** Height of the element in px. */
  readonly height: number;
  /** What is in view at a scroll position: px from the start of the first row. */
  top(scrollTop: number): number;
  /** The scroll position that has this many px of rows above. */
  scrollTop(top: number): number;
}

/** As long as all rows fit, a px is a px; beyond that the scroll bar moves through them faster. `seen`: px in view. */
export function tall(rows: number, rowHeight: number, seen: number, tallest = TALLEST): Tall {
  const full = rows * rowHeight;
  const height = Math.min(full, tallest);
  const faster = full <= tallest || tallest <= seen ? 1 : (full - seen) / (tallest - seen);
  return { height, top: (scrollTop) => scrollTop * faster, scrollTop: (top) => top / faster };
}
