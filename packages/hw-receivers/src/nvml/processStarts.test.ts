import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ProcessStarts, startTicks } from './processStarts.ts';

test('a process is asked for once between two looks, also when it is not seen', () => {
  const asked: number[] = [];
  const starts = new ProcessStarts({
    sinceBootMs: (pid) => {
      asked.push(pid);
      return pid === 7 ? 1000 * asked.length : undefined;
    },
    bootMs: () => 50_000,
  });
  starts.look();
  const startsOf = (...pids: number[]) => pids.map((pid) => starts.of(pid)?.startMs);
  expect(startsOf(7, 7, 8, 8)).toEqual([51_000, 51_000, undefined, undefined]);
  expect(asked).toEqual([7, 8]);
  starts.look();
  expect(startsOf(7)).toEqual([53_000]);
  expect(asked).toEqual([7, 8, 7]);
});

const stat = (name: string, ticks: string) =>
  `42 (${name}) S 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 ${ticks} 9 9\n`;

test.each([
  ['python3', '123', 123],
  ['a) S (b c', '9', 9],
  ['cut', '', undefined],
  ['odd', '-1', undefined],
])('the start of the program "%s" with the ticks "%s" is %s', (name, ticks, expected) => {
  expect(startTicks(stat(name, ticks))).toBe(expected);
});

test('a text that is not a stat file has no start', () => {
  for (const text of ['', '42', '42 (python3', '42 (python3) S 1']) expect(startTicks(text)).toBeUndefined();
});

test.runIf(existsSync('/proc/self/stat'))('this process has started within its own life, or is not to be seen', () => {
  const starts = new ProcessStarts();
  starts.look();
  const start = starts.of(process.pid);
  // In a container the ids of NVML are not those of this process.
  if (start === undefined) return;
  const startedMs = Date.now() - process.uptime() * 1000;
  // The kernel states its boot in whole seconds.
  expect(Math.abs(start.startMs - startedMs)).toBeLessThan(3000);
});
