import { describe, expect, it } from 'vitest';
import { parseSchedstat, threadCpu } from './threadCpu.ts';

function processUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

describe('threadCpu', () => {
  it('moves with the work of this thread, also within a tick of the kernel', () => {
    const clock = threadCpu();
    const ratios: number[] = [];
    for (let k = 0; k < 50; k++) {
      const before = processUs();
      const beforeNs = clock.nowNs();
      let us = 0;
      while (us < 1000) us = processUs() - before;
      ratios.push((clock.nowNs() - beforeNs) / 1e3 / us);
    }
    clock.close();
    ratios.sort((a, b) => a - b);
    // A clock that moves once a tick would be 0 in most of these windows of 1 ms, or several times too large. The process
    // also has threads that compile and collect garbage, so single windows of it are longer than those of this thread.
    expect(ratios[25]).toBeGreaterThan(0.8);
    expect(ratios[25]).toBeLessThan(1.1);
  });

  it('does not throw after it was closed', () => {
    const clock = threadCpu();
    clock.close();
    expect(() => clock.nowNs()).not.toThrow();
  });
});

describe('parseSchedstat', () => {
  it('reads the nanoseconds on the CPU', () => {
    expect(parseSchedstat('185778 81274 2\n')).toBe(185_778);
  });

  it.each(['', '185778', '185778 81274\n', '-1 2 3\n', 'a b c\n', '1 2 3 4\n'])('reads nothing from %j', (text) => {
    expect(parseSchedstat(text)).toBeNaN();
  });
});
