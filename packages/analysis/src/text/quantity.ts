import type { Budget } from '../budget/budget.ts';
import { unitScale } from '../budget/budget.ts';

/** `213 ms`: three significant digits in the unit that suits. */
export function seconds(value: number): string {
  const [unit, factor] = value < 1e-6 ? ['ns', 1e9] : value < 1e-3 ? ['us', 1e6] : value < 1 ? ['ms', 1e3] : ['s', 1];
  return `${significant(value * factor)} ${unit}`;
}

/** Three significant digits, without an exponent where people would not write one. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size >= 1e6 || size < 1e-4) return rounded.toExponential();
  return size >= 1000 ? String(Math.round(value)) : rounded.toPrecision(3).replace(/\.$/, '');
}

/** `213 ms` in the unit of the budget, of a value in its base unit. */
export function inUnitOf(budget: Budget, value: number): string {
  const number = budget.function === 'count' ? String(value) : significant(value / unitScale(budget));
  return budget.unit === '' ? number : `${number} ${budget.unit}`;
}

/** `1 span`, `2 spans`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `97.3 %`, cut off rather than rounded: 94.96 % is not 95 %. */
export function percent(share: number): string {
  return `${Math.floor(Math.min(1, share) * 1000 + 1e-9) / 10} %`;
}
