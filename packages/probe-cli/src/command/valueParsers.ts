import type { WantedPair } from '@benchlab-otel/analysis';
import { InvalidArgumentError } from 'commander';
import { duration } from './duration.ts';

// Each makes a value of the text of an option, or throws an InvalidArgumentError that states what to write.

/** Any text but an empty one, which a variable that is not set leaves: `--out "$FILE"`. */
export function text(given: string): string {
  if (given.trim() !== '') return given;
  throw new InvalidArgumentError('It is empty: write a value, and check the variable that it comes from.');
}

export function firmware(given: string): number {
  return wholeNumber(given, 0, 255);
}

export function serial(given: string): number {
  return wholeNumber(given, 0, 2 ** 32 - 1);
}

export function portNumber(given: string): number {
  return wholeNumber(given, 0, 65_535);
}

export function frameCount(given: string): number {
  return wholeNumber(given, 1, 10_000);
}

export function readerCount(given: string): number {
  return wholeNumber(given, 1, 1024);
}

export function rate(given: string): number {
  const value = /^[0-9]*\.?[0-9]+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= 1 && value <= 100) return value;
  throw new InvalidArgumentError('Write a number from 1 to 100.');
}

/** The bounds of `measureIdle` in milliseconds. */
const [shortestQuietMs, longestQuietMs] = [1_000, 600_000];

/** `10s`, from a second to ten minutes, in milliseconds. */
export function quietPeriod(given: string): number {
  const ms = duration(given);
  if (ms >= shortestQuietMs && ms <= longestQuietMs) return ms;
  throw new InvalidArgumentError('Write a time from 1s to 10m: 10s, 1m.');
}

/** How many pairs of runs come before those that count. */
export function warmupPairs(given: string): number {
  return wholeNumber(given, 0, 100);
}

/** The fewest pairs that can decide anything, and ten times more than a comparison needs on a noisy machine. */
export function pairCount(given: string): number {
  return wholeNumber(given, 8, 1_000);
}

/** `1.05`: how many times the baseline still counts as the baseline. */
export function margin(given: string): number {
  const value = /^[0-9]*\.?[0-9]+$/.test(given) ? Number(given) : Number.NaN;
  if (value > 1 && value <= 2) return value;
  throw new InvalidArgumentError('Write a ratio above 1, up to 2: 1.05 for 5 %.');
}

/** `FROM:TO` */
export function stagePair(given: string): WantedPair {
  const [from, to, ...more] = given.split(':');
  if (from && to && more.length === 0) return [from, to];
  throw new InvalidArgumentError('Write two stages: FROM:TO.');
}

/** `http://HOST:PORT`, `https://HOST:PORT` or `unix:///PATH`: what takes OTLP over gRPC. */
export function otlpEndpoint(given: string): string {
  const isSocket = /^unix:\/\/\/./.test(given);
  if (isSocket || (/^https?:\/\/./i.test(given) && URL.canParse(given))) return given;
  throw new InvalidArgumentError('Write http://HOST:PORT, https://HOST:PORT or unix:///PATH.');
}

/** Time between two frames of a screen in milliseconds, from 50 ms to 10 s. */
export function refreshTime(given: string): number {
  const ms = duration(given);
  if (ms >= 50 && ms <= 10_000) return ms;
  throw new InvalidArgumentError('Write a time from 50ms to 10s: 200ms, 1s.');
}

/** How much faster than it was recorded, from 0.01 to 1,000. */
export function speed(given: string): number {
  const value = /^[0-9]*\.?[0-9]+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= 0.01 && value <= 1_000) return value;
  throw new InvalidArgumentError('Write a number from 0.01 to 1000.');
}

/** `p50,p95,ok`: names apart by commas. */
export function columnList(given: string): readonly string[] {
  return text(given)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function wholeNumber(given: string, least: number, most: number): number {
  const value = /^(?:[0-9]+|0x[0-9a-f]+)$/i.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
}
