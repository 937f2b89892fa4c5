import { DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReport } from './report.ts';

let lines: string[];
const register = (warn: (line: string) => void) => {
  const ignore = () => {};
  diag.setLogger(
    { warn, error: ignore, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
};
beforeEach(() => {
  lines = [];
  register((line) => lines.push(line));
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  diag.disable();
  vi.useRealTimers();
});

test('one line a minute is logged, and the next one has the number of those held back', () => {
  const report = createReport('a selector');
  for (let i = 0; i < 5; i++) report('it threw.');
  expect(lines).toEqual(['benchlab-otel: a selector: it threw.']);
  vi.advanceTimersByTime(60_000);
  report('it threw.');
  expect(lines[1]).toBe('benchlab-otel: a selector: it threw. (and 4 more like it)');
});

test('two sources do not silence each other', () => {
  createReport('a')('trouble');
  createReport('b')('trouble');
  expect(lines).toHaveLength(2);
});

test('a logger that throws does not reach the caller', () => {
  register(() => {
    throw new Error('disk full');
  });
  expect(() => createReport('a')('trouble')).not.toThrow();
});
