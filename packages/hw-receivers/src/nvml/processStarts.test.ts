import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ProcessStarts, startTicks } from './processStarts.ts';

test('a process is asked for once between two looks, also when it is not seen', () => {
  const asked: number[] = [];
  const starts = new ProcessStarts((pid) => {
    asked.push(pid);
    return pid === 7 ? 1000 * asked.length : undefined;
  });
  expect([starts.of(7), starts.of(7), starts.of(8), starts.of(8)]).toEqual([1000, 1000, undefined, undefined]);
  expect(asked).toEqual([7, 8]);
  starts.look();
  expect(starts.of(7)).toBe(3000);
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

test('a text that is no stat file has no start', () => {
  for (const text of ['', '42', '42 (python3', '42 (python3) S 1']) expect(startTicks(text)).toBeUndefined();
});

test.runIf(existsSync('/proc/self/stat'))('this process has started within its own life, or is not to be seen', () => {
  const start = new ProcessStarts().of(process.pid);
  // In a container the ids of NVML are not those of this process.
  if (start === undefined) return;
  const startedMs = Date.now() - process.uptime() * 1000;
  // The kernel states its boot in whole seconds.
  expect(Math.abs(start - startedMs)).toBeLessThan(3000);
});
