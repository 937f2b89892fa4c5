import { InvalidArgumentError } from 'commander';

/** Milliseconds in each unit of time that the command line knows. */
const msPerUnit: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3 };

// Beyond 2^31 - 1 ms (25 days) setTimeout fires at once; a day is more than any use here.
const longestMs = 24 * 3600e3;

/** `500ms`, `20s`, `5m`, `1h` in milliseconds. */
export function duration(text: string): number {
  const [, number, unit = ''] = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)$/.exec(text.trim()) ?? [];
  const ms = Number(number) * (msPerUnit[unit] ?? Number.NaN);
  if (ms > 0 && ms <= longestMs) return ms;
  throw new InvalidArgumentError('Write a number above 0 with ms, s, m or h, up to 24h: 500ms, 20s, 5m.');
}
