/** Digits behind the point in a currency, as the system knows it; null for what is no currency. */
function digitsOf(code: string): number | null {
  if (!/^[A-Z]{3}$/.test(code)) return null;
  return (
    new Intl.NumberFormat("en", { style: "currency", currency: code }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/** An amount in the smallest unit as it is typed: `300` and 2 digits are `3.00`. */
export function major(amount: number, digits: number): string {
  return (amount / 10 ** digits).toFixed(digits);
}

/** What was typed, in the smallest unit of a currency; null when it is no amount of it. */
export function minor(text: string, code: string): number | null {
  const digits = digitsOf(code) ?? 2;
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim());
  if (match === null || (match[2] ?? "").length > digits) return null;
  return Number((match[1] ?? "") + (match[2] ?? "").padEnd(digits, "0"));
}
