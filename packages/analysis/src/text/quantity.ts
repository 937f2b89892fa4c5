/** `213 ms`: seconds with three significant digits, in the largest unit that makes the number 1 or more. */
export function seconds(value: number): string {
  const [unit, factor] = value < 1e-6 ? ['ns', 1e9] : value < 1e-3 ? ['us', 1e6] : value < 1 ? ['ms', 1e3] : ['s', 1];
  return `${significant(value * factor)} ${unit}`;
}

/** Three significant digits, without an exponent from 0.0001 to a million. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size >= 1e6 || size < 1e-4) return rounded.toExponential();
  return size >= 1000 ? String(Math.round(value)) : rounded.toPrecision(3).replace(/\.$/, '');
}

/** `1 span`, `2 spans`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `97.3 %`, cut off rather than rounded: 94.96 % is not 95 %. */
export function percent(share: number): string {
  return `${Math.floor(Math.min(1, share) * 1000 + 1e-9) / 10} %`;
}

/** The most decimals that toFixed() gives right for the sizes of this project. */
const mostDecimals = 20;

/**
 * A figure with as many digits as its interval has a use for: two of the half width, so that the ends of an interval
 * never look alike.
 */
export function toHalfWidth(value: number, halfWidth: number): string {
  const place = Math.floor(Math.log10(halfWidth));
  return value.toFixed(Math.min(mostDecimals, Math.max(0, 1 - place)) || 0); // NaN of no half width is 0 decimals
}
