import type { WantedPair } from '@benchlab-otel/analysis';
import { InvalidArgumentError } from 'commander';
import { parseDurationMs } from './duration.ts';

// Each turns the text of an option into its value, or throws an error that says what to write.

export function duration(option: string): (text: string) => number {
  return (text) => parseDurationMs(text, option);
}

export function firmware(text: string): number {
  return wholeNumber(text, 0, 255);
}

export function serial(text: string): number {
  return wholeNumber(text, 0, 2 ** 32 - 1);
}

export function portNumber(text: string): number {
  return wholeNumber(text, 0, 65_535);
}

export function frameCount(text: string): number {
  return wholeNumber(text, 1, 10_000);
}

/** `FROM:TO`, collected. */
export function stagePair(text: string, before: readonly WantedPair[] = []): readonly WantedPair[] {
  const [from, to, ...more] = text.split(':');
  if (from && to && more.length === 0) return [...before, [from, to]];
  throw new InvalidArgumentError('Write two stages: FROM:TO.');
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = /^(?:[0-9]+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
}

export function rate(text: string): number {
  const value = /^[0-9]*\.?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= 100) return value;
  throw new InvalidArgumentError('Write a number from 1 to 100.');
}
