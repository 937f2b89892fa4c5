import { InvalidArgumentError } from 'commander';

// Amounts of time and of storage, as options have them.

/** `90`, `0.5` */
export function days(given: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
  if (value <= 36_500) return value;
  throw new InvalidArgumentError('Write a number of days: 90.');
}

const unitBytes: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** `50GB`, `500MB` */
export function size(given: string): number {
  const [, amount, unit = 'B'] = /^(\d+(?:\.\d+)?)(B|kB|MB|GB|TB)?$/.exec(given) ?? [];
  const factor = unitBytes[unit];
  if (amount !== undefined && factor !== undefined) return Math.floor(Number(amount) * factor);
  throw new InvalidArgumentError('Write a size: 50GB, 500MB.');
}
