/** Colours as their light, by WCAG 2.2. */

export const paper = [1, 1, 1];

/** #rrggbb as shares of red, green and blue. */
export function channels(color: string): number[] {
  return [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255);
}

/** The linear light of these shares. */
export function linear(rgb: readonly number[]): number[] {
  return rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
}

/** Relative luminance. */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = linear(rgb);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast ratio of two colours, of which either may be the lighter one. */
export function contrast(a: readonly number[], b: readonly number[]): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}
