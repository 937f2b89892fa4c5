import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseHostBusy, readHostStat } from './hostBusy.ts';
import { processShare } from './processShare.ts';

const S = 1e9;

/** A host and a process whose CPU time the test moves by hand. */
function host() {
  const ticks = { user: 1000, nice: 10, system: 500, idle: 90_000, iowait: 300, irq: 1, softirq: 20, steal: 5 };
  const now = { processSeconds: 3, timeNs: 10 * S, unreadable: false, text: undefined as string | undefined };
  const share = processShare({
    readStat() {
      if (now.unreadable) throw new Error('ENOENT: no such file or directory');
      return now.text ?? `cpu  ${Object.values(ticks).join(' ')} 7 3\ncpu0 1 2\nintr 0\n`;
    },
    processSeconds: () => now.processSeconds,
    // No time passes between two readings: these shares are of observations alone.
    nowNs: () => 0,
  });
  share.observe(now.timeNs);
  return {
    share,
    ticks,
    now,
    /** Uses CPU time over a number of observations, one each 100 ms. */
    run(steps: number, use: { ours: number } & Partial<typeof ticks>) {
      const { ours, ...theirs } = use;
      for (let k = 0; k < steps; k++) {
        now.processSeconds += ours;
        for (const [mode, seconds] of Object.entries(theirs)) ticks[mode as keyof typeof ticks] += seconds * 100;
        now.timeNs += 0.1 * S;
        share.observe(now.timeNs);
      }
    },
  };
}

describe('processShare', () => {
  it('divides the time of this process by that of all, and leaves idle and iowait out', () => {
    const { share, run, now } = host();
    run(20, { ours: 0.03, user: 0.04, system: 0.02, idle: 0.08, iowait: 0.05 });
    expect(share.shareBetween(11 * S, now.timeNs)).toBeCloseTo(0.5, 9);
  });

  it('counts nice, interrupts and stolen time as strangers', () => {
    const { share, run } = host();
    run(20, { ours: 0.01, user: 0.01, nice: 0.01, irq: 0.01, softirq: 0.01, steal: 0.06 });
    expect(share.shareBetween(10 * S, 12 * S)).toBeCloseTo(0.1, 9);
  });

  it('is never more than 1, in any steps of the counters', () => {
    const { share, run } = host();
    run(20, { ours: 0.1, user: 0.05 });
    expect(share.shareBetween(10 * S, 12 * S)).toBe(1);
  });

  it('is of the interval that is asked for, and of a second at least', () => {
    const { share, run } = host();
    run(20, { ours: 0, user: 0.1 });
    run(20, { ours: 0.1, user: 0.1 });
    expect(share.shareBetween(10 * S, 12 * S)).toBe(0);
    expect(share.shareBetween(12 * S, 14 * S)).toBeCloseTo(1, 9);
    expect(share.shareBetween(10 * S, 14 * S)).toBeCloseTo(0.5, 9);
    // Around 11.95 to 12.05 s: 0.5 s of each half.
    expect(share.shareBetween(11.95 * S, 12.05 * S)).toBeCloseTo(0.5, 1);
    // The newest: the second before it.
    expect(share.shareBetween(13.95 * S, 14 * S)).toBeCloseTo(1, 9);
  });

  it('is known for each interval of samples that come faster than observations', () => {
    const { share, run, now } = host();
    run(12, { ours: 0.05, user: 0.1 });
    const from = now.timeNs;
    for (let k = 1; k <= 8; k++) {
      const at = from + k * 0.05 * S;
      // Every other sample is too close to the observation before it.
      if (k % 2 === 0) run(1, { ours: 0.05, user: 0.1 });
      share.observe(at);
      expect(share.shareBetween(at - 0.05 * S, at), String(k)).toBeCloseTo(0.5, 9);
    }
  });

  it('follows what this process used in the newest interval, next to strangers that work all the time', () => {
    let [nowNs, ours, ticks] = [5 * S, 0, 1000];
    const share = processShare({
      readStat: () => `cpu  ${Math.round(ticks)} 0 0 0 0 0 0 0 0 0\n`,
      processSeconds: () => ours,
      nowNs: () => nowNs,
    });
    const interval = (worked: number) => {
      nowNs += 0.05 * S;
      ours += worked;
      ticks += 100 * (worked + 0.05);
      share.observe(nowNs);
      return share.shareBetween(nowNs - 0.05 * S, nowNs);
    };
    for (let k = 0; k < 40; k++) interval(k % 2 === 0 ? 0.05 : 0);
    for (let k = 0; k < 10; k++) {
      expect(interval(0.05)).toBeCloseTo(0.5, 1);
      expect(interval(0)).toBe(0);
      // A meter that shows means is settled one sample later.
      expect(share.shareBetween(nowNs - 0.1 * S, nowNs - 0.05 * S)).toBeCloseTo(0.5, 1);
    }
    // Several samples at once, after the event loop was blocked: each has the rate of that time.
    [nowNs, ours, ticks] = [nowNs + 0.2 * S, ours + 0.2, ticks + 40];
    for (const late of [3, 2, 1, 0]) {
      const at = nowNs - late * 0.05 * S;
      share.observe(at);
      expect(share.shareBetween(at - 0.05 * S, at)).toBeCloseTo(0.5, 1);
    }
  });

  it('counts what is left out of this process as the work of others, from then on', () => {
    const { share, run, now } = host();
    let outside: number | undefined;
    share.leaveOut(() => outside);
    run(20, { ours: 0.05, user: 0.1 });
    expect(share.shareBetween(11 * S, now.timeNs)).toBeCloseTo(0.5, 9);

    outside = 100;
    run(1, { ours: 0.05, user: 0.1 });
    for (let k = 0; k < 20; k++) {
      outside += 0.03;
      run(1, { ours: 0.05, user: 0.1 });
    }
    expect(share.shareBetween(now.timeNs - 2 * S, now.timeNs)).toBeCloseTo(0.2, 9);

    // All of it is outside, and the two clocks are read one after the other.
    for (let k = 0; k < 20; k++) {
      outside += 0.0501;
      run(1, { ours: 0.05, user: 0.1 });
      outside -= 0.0001;
    }
    expect(share.shareBetween(now.timeNs - 1 * S, now.timeNs)).toBeCloseTo(0, 2);
  });

  it('is absent before a second is observed, and outside of what is', () => {
    const { share, run } = host();
    run(8, { ours: 0.05, user: 0.1 });
    expect(share.shareBetween(10.1 * S, 10.5 * S)).toBeUndefined();
    run(8, { ours: 0.05, user: 0.1 });
    expect(share.shareBetween(10.1 * S, 10.5 * S)).toBeCloseTo(0.5, 9);
    expect(share.shareBetween(9 * S, 10.5 * S)).toBeUndefined();
    expect(share.shareBetween(11 * S, 13 * S)).toBeUndefined();
  });

  it('is absent where nothing was busy, and for intervals that are none', () => {
    const { share, run } = host();
    run(20, { ours: 0, idle: 0.2 });
    expect(share.shareBetween(10 * S, 12 * S)).toBeUndefined();
    expect(share.shareBetween(11 * S, 11 * S)).toBeUndefined();
    expect(share.shareBetween(12 * S, 11 * S)).toBeUndefined();
    expect(share.shareBetween(Number.NaN, 11 * S)).toBeUndefined();
  });

  it('skips observations that are too close, out of order or not a time', () => {
    const { share, run, now } = host();
    run(20, { ours: 0.05, user: 0.1 });
    now.processSeconds = 1e6;
    for (const timeNs of [now.timeNs, now.timeNs + 0.05 * S, 1 * S, Number.NaN, Number.POSITIVE_INFINITY]) {
      share.observe(timeNs);
    }
    expect(share.shareBetween(10 * S, 12 * S)).toBeCloseTo(0.5, 9);
    // A sample between two observations: the newest one is near enough.
    expect(share.shareBetween(11 * S, 12.05 * S)).toBeCloseTo(0.5, 9);
  });

  it.each([
    ['cannot be read', { unreadable: true }, '/proc/stat cannot be read: ENOENT: no such file or directory'],
    ['is empty', { text: '' }, '/proc/stat has no line of all processors.'],
    ['is cut off', { text: 'cpu  1 2 3' }, '/proc/stat has no line of all processors.'],
    ['is garbage', { text: 'cpu  x y z 1 2 3 4 5\n' }, '/proc/stat has no line of all processors.'],
  ])('reports why, and has no share over that time, where /proc/stat %s', (_, fault, reason) => {
    const { share, run, now } = host();
    run(12, { ours: 0.05, user: 0.1 });
    Object.assign(now, fault);
    run(1, { ours: 0.05, user: 0.1 });
    expect(share.reason).toBe(reason);
    Object.assign(now, { unreadable: false, text: undefined });
    run(12, { ours: 0.05, user: 0.1 });
    expect(share.reason).toBeUndefined();
    expect(share.shareBetween(11 * S, 12 * S)).toBeUndefined();
    expect(share.shareBetween(11.4 * S, 12 * S)).toBeCloseTo(0.5, 9);
  });

  it('has no share over a time in which the counters started again', () => {
    const { share, run, ticks } = host();
    run(12, { ours: 0.05, user: 0.1 });
    ticks.user = 0;
    run(12, { ours: 0.05, user: 0.1 });
    expect(share.reason).toBeUndefined();
    expect(share.shareBetween(11 * S, 12 * S)).toBeUndefined();
    expect(share.shareBetween(11.4 * S, 12 * S)).toBeCloseTo(0.5, 9);
  });

  it('keeps a bounded number of observations, the newest', () => {
    const { share, run, now } = host();
    run(3000, { ours: 0.05, user: 0.1 });
    expect(share.shareBetween(11 * S, 12 * S)).toBeUndefined();
    expect(share.shareBetween(now.timeNs - 40 * S, now.timeNs)).toBeCloseTo(0.5, 9);
  });
});

describe('parseHostBusy', () => {
  it('reads the line of a kernel with guests, and of one without', () => {
    // (1132 + 34 + 563 + 7 + 1 + 2) ticks of 10 ms; a guest of 5 is within user.
    expect(parseHostBusy('cpu  1132 34 563 9423 120 7 1 2 5 0\n')).toBeCloseTo(17.39, 9);
    expect(parseHostBusy('cpu  1132 34 563 9423 120 7 1 2\ncpu0 …')).toBeCloseTo(17.39, 9);
  });

  it('reads nothing from a cut line, a kernel of before 2.6.11 without steal, negative or huge numbers', () => {
    for (const text of [
      '',
      'cpu  1 2 3 4 5 6 7 8',
      'cpu  1 2 3 4 5 6 7\n',
      'cpu  1 2 3 4 5 6 -7 8\n',
      'cpu0 1 2 3 4 5 6 7 8\n',
    ])
      expect(parseHostBusy(text), text).toBeUndefined();
    expect(parseHostBusy(`cpu  1${'0'.repeat(30)} 2 3 4 5 6 7 8\n`)).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('reads this host', () => {
    const before = parseHostBusy(readFileSync('/proc/stat', 'latin1'));
    const after = parseHostBusy(readHostStat());
    expect(before).toBeGreaterThan(0);
    expect(after).toBeGreaterThanOrEqual(before!);
  });
});
