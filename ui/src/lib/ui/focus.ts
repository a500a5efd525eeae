/**
 * Focus that a script moves because of a key shows its ring; because of the mouse it doesn't. Browsers guess this for
 * `:focus-visible`, and WebKitGTK guesses wrong when the focus comes out of a text field.
 */
let byKeys = false;

window.addEventListener("keydown", () => (byKeys = true), true);
window.addEventListener("pointerdown", () => (byKeys = false), true);

/** Moves the focus without scrolling. */
export function moveFocus(target: HTMLElement | null | undefined): void {
  target?.focus({ preventScroll: true, ...(byKeys ? { focusVisible: true } : {}) });
}
