import { systemClock } from '@benchlab-otel/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Terminal } from '../host/terminal.ts';
import { aboutTime, Progress } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function terminal(isTerminal: boolean): { terminal: Terminal; written: [text: string, over: number][] } {
  const written: [string, number][] = [];
  return {
    written,
    terminal: {
      out: () => undefined,
      err: (text, over = 0) => void written.push([text, over]),
      redraws: false,
      columns: 80,
      rows: 24,
      ...(isTerminal && { errRedraws: true, errColumns: 30 }),
      onClosed: () => undefined,
      written: async () => undefined,
    },
  };
}

describe('progress', () => {
  it('is a line every ten seconds where standard error is not a terminal', () => {
    const { terminal: plain, written } = terminal(false);
    const progress = new Progress(plain, systemClock);
    for (let second = 0; second < 35; second++) {
      progress.set(() => `pair ${second}`);
      vi.advanceTimersByTime(1_000);
    }
    progress.close();
    vi.advanceTimersByTime(60_000);

    expect(written).toEqual([
      ['benchlab-probe: pair 9\n', 0],
      ['benchlab-probe: pair 19\n', 0],
      ['benchlab-probe: pair 29\n', 0],
    ]);
  });

  it('is one line that changes on a terminal, cut to its width, and goes for a message and at the end', () => {
    const { terminal: drawn, written } = terminal(true);
    const progress = new Progress(drawn, systemClock);
    progress.set(() => 'pair 1');
    progress.set(() => 'pair 2 of at most 60, baseline');
    progress.message('done with it');
    progress.set(() => 'pair 3');
    vi.advanceTimersByTime(1_000);
    progress.close();

    expect(written).toEqual([
      ['benchlab-probe: pair 1\n', 0],
      ['benchlab-probe: pair 2 of at \n', 1],
      ['', 1],
      ['benchlab-probe: done with it\n', 0],
      ['benchlab-probe: pair 3\n', 0],
      ['benchlab-probe: pair 3\n', 1],
      ['', 1],
    ]);
  });

  it.each([
    [0.01, '100 ms'],
    [3.21, '3.21 s'],
    [41, '41 s'],
    [400, '7 min'],
    [9_000, '3 h'],
  ])('of %d s is written as %s', (value, text) => expect(aboutTime(value)).toBe(text));
});
