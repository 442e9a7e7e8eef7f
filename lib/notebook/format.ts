/**
 * Numbers as a reader wants to see them.
 */

/**
 * The number with that many significant digits: format(0.73118) is "0.7312", format(1234567.8) is "1,234,568".
 * A whole number keeps all its digits; very small and very large ones are written as 1.234e-7.
 */
export function format(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return grouped(value.toFixed(0));
  if (size < 1e-4 || size >= 1e9) return value.toExponential(digits - 1);
  return grouped(value.toFixed(decimals(value, digits)));
}

/**
 * How to write numbers that stand side by side: all with as many decimals as the largest of them, so that none looks
 * finer than its neighbours. With 3 digits, 0.04 beside 12.3 is 0.0. Whole numbers are written as `format` writes
 * them; so are all numbers if the largest is very small or very large.
 */
export function formatAlike(values: readonly number[], digits = 4): (value: number) => string {
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  if (largest < 1e-4 || largest >= 1e9) return (value) => format(value, digits);
  const places = decimals(largest, digits);
  return (value) => {
    if (Number.isInteger(value)) return format(value, digits);
    return grouped(value.toFixed(places)).replace(/^-(?=[0.]*$)/, ""); // nothing is −0.0
  };
}

/** Both ends with that many significant digits: lowToHigh({ low: -0.012, high: 0.3 }) is "-0.012 to 0.30". */
export function lowToHigh({ low, high }: { low: number; high: number }, digits = 2): string {
  return `${format(low, digits)} to ${format(high, digits)}`;
}

/** The number nearest to `value` with that many significant digits, so that a figure's JSON stays short. */
export function round(value: number, digits = 5): number {
  return Number(value.toPrecision(digits));
}

/** The text with a minus sign where its numbers have a hyphen: withMinus("-0.2 to 3e-5") is "−0.2 to 3e−5". */
export function withMinus(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}.])-(?=\d|Infinity)|(?<=\de)-(?=\d)/gu, "−");
}

/** Decimals of the number when it is written with that many significant digits. */
function decimals(value: number, digits: number): number {
  // From the rounded number, because 0.99996 rounds to 1.000, which has one decimal less than 0.9999.
  const exponent = Number(value.toExponential(digits - 1).split("e")[1]);
  return Math.max(0, digits - 1 - exponent);
}

function grouped(number: string): string {
  const [whole, ...decimals] = number.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...decimals].join(".");
}
