import { describe, expect, it } from 'vitest';
import { CpuLedger } from './cpuLedger.ts';

const nsPerMs = 1e6;

/** A thread whose times the test moves by hand: on the CPU, off it although ready to run, or idle. */
function thread() {
  const now = { wall: 5e9, cpu: 1e9, idle: 2e9, readings: 0 };
  const ledger = new CpuLedger({
    wallNs: () => now.wall,
    cpuNs: () => {
      now.readings++;
      return now.cpu;
    },
    idleNs: () => now.idle,
  });
  return {
    ledger,
    now,
    work(ms: number) {
      now.wall += ms * nsPerMs;
      now.cpu += ms * nsPerMs;
    },
    preempted(ms: number) {
      now.wall += ms * nsPerMs;
    },
    idle(ms: number) {
      now.wall += ms * nsPerMs;
      now.idle += ms * nsPerMs;
    },
  };
}

const ms = (ns: number) => ns / nsPerMs;

describe('CpuLedger', () => {
  it('gives the time between two switches to the span that ran, and none to the idle wait', () => {
    const { ledger, work, idle } = thread();
    const a = ledger.open();
    const b = ledger.open();
    ledger.switchTo(a);
    work(3);
    ledger.switchTo(undefined);
    idle(50);
    ledger.switchTo(b);
    work(1);
    ledger.switchTo(a);
    work(2);
    ledger.switchTo(undefined);
    ledger.close(a);
    ledger.close(b);
    expect([ms(a.selfNs), ms(b.selfNs)]).toEqual([5, 1]);
  });

  it('knows how long the thread was on the CPU for no span, also while a span runs', () => {
    const { ledger, now, work, idle, preempted } = thread();
    work(2);
    const a = ledger.open();
    ledger.switchTo(a);
    work(0.3);
    expect(ms(ledger.outsideNs())).toBeCloseTo(2, 9);
    work(4);
    preempted(3);
    ledger.switchTo(undefined);
    idle(50);
    work(1);
    expect(ms(ledger.outsideNs())).toBeCloseTo(3, 9);
    now.cpu = Number.NaN;
    expect(ledger.outsideNs()).toBeNaN();
  });

  it('adds the time of a span to all spans above it, and keeps what each used itself', () => {
    const { ledger, work } = thread();
    const root = ledger.open();
    const child = ledger.open(root);
    const grandchild = ledger.open(child);
    const outside = ledger.switchTo(root);
    work(1);
    const aboveChild = ledger.switchTo(child);
    work(2);
    const aboveGrandchild = ledger.switchTo(grandchild);
    work(4);
    ledger.switchTo(aboveGrandchild);
    work(8);
    ledger.switchTo(aboveChild);
    work(16);
    ledger.switchTo(outside);
    for (const each of [grandchild, child, root]) ledger.close(each);
    expect([root, child, grandchild].map(({ selfNs }) => ms(selfNs))).toEqual([17, 10, 4]);
    expect([root, child, grandchild].map(({ totalNs }) => ms(totalNs))).toEqual([31, 14, 4]);
  });

  it('books time after the end of a span on the nearest open span above it', () => {
    const { ledger, work } = thread();
    const root = ledger.open();
    const parent = ledger.open(root);
    const child = ledger.open(parent);
    ledger.switchTo(child);
    work(1);
    ledger.close(parent);
    work(2);
    ledger.close(child);
    work(4);
    ledger.close(root);
    work(8);
    expect([root, parent, child].map(({ selfNs }) => ms(selfNs))).toEqual([4, 0, 3]);
    expect([root, parent, child].map(({ totalNs }) => ms(totalNs))).toEqual([7, 1, 3]);
  });

  it('ends a span once: a second end and later work change nothing', () => {
    const { ledger, work } = thread();
    const a = ledger.open();
    ledger.switchTo(a);
    work(2);
    ledger.close(a);
    work(5);
    ledger.close(a);
    expect([ms(a.selfNs), ms(a.totalNs)]).toEqual([2, 2]);
  });

  it('knows that a span never ran, which is not the same as 0 seconds', () => {
    const { ledger, work } = thread();
    const never = ledger.open();
    const above = ledger.open();
    const below = ledger.open(above);
    ledger.switchTo(below);
    work(1);
    for (const each of [never, below, above]) ledger.close(each);
    expect([never.hasRun, above.hasRun, below.hasRun]).toEqual([false, true, true]);
    expect([ms(above.selfNs), ms(above.totalNs)]).toEqual([0, 1]);
  });

  it('takes out the time in which other processes had the CPU', () => {
    const { ledger, work, preempted, idle } = thread();
    const a = ledger.open();
    const b = ledger.open();
    for (let round = 0; round < 10; round++) {
      ledger.switchTo(a);
      work(2);
      preempted(6);
      ledger.switchTo(b);
      work(1);
      ledger.switchTo(undefined);
      idle(30);
    }
    ledger.close(a);
    ledger.close(b);
    expect(ms(a.selfNs)).toBeCloseTo(20, 9);
    expect(ms(b.selfNs)).toBeCloseTo(10, 9);
  });

  it('leaves out of a window what ran before the span did', () => {
    const { ledger, work, preempted } = thread();
    work(1000);
    const a = ledger.open();
    ledger.switchTo(a);
    work(1);
    preempted(3);
    ledger.switchTo(undefined);
    ledger.close(a);
    expect(ms(a.selfNs)).toBeCloseTo(1, 9);
  });

  it('takes it from the piece in which it fell, and leaves short pieces around as they are', () => {
    const { ledger, work, preempted } = thread();
    const short = ledger.open();
    const long = ledger.open();
    for (let round = 0; round < 100; round++) {
      for (let k = 0; k < 4; k++) {
        ledger.switchTo(short);
        work(0.2);
        ledger.switchTo(undefined);
      }
      ledger.switchTo(long);
      work(0.5);
      preempted(3);
      ledger.switchTo(undefined);
    }
    ledger.close(short);
    ledger.close(long);
    expect([ms(short.selfNs), ms(long.selfNs)].map((each) => Math.round(each * 1e6) / 1e6)).toEqual([80, 50]);
  });

  it('takes time off the CPU in many short pieces from all of them', () => {
    const { ledger, work, preempted } = thread();
    const spans = [ledger.open(), ledger.open()];
    for (let k = 0; k < 4_000; k++) {
      ledger.switchTo(spans[k % 2]);
      work(0.05);
      preempted(0.05);
    }
    ledger.switchTo(undefined);
    for (const each of spans) {
      ledger.close(each);
      expect(ms(each.selfNs)).toBeGreaterThan(98);
      expect(ms(each.selfNs)).toBeLessThan(104);
    }
  });

  it('reads the CPU time once in 5 ms while spans take turns, and at the end of each piece of 1 ms', () => {
    const { ledger, work, now } = thread();
    const spans = [ledger.open(), ledger.open()];
    now.readings = 0;
    for (let k = 0; k < 10_000; k++) {
      ledger.switchTo(spans[k % 2]);
      work(0.01);
    }
    expect(now.readings).toBeGreaterThan(15);
    expect(now.readings).toBeLessThanOrEqual(20);
    now.readings = 0;
    for (let k = 0; k < 100; k++) {
      ledger.switchTo(spans[k % 2]);
      work(1);
    }
    expect(now.readings).toBeLessThanOrEqual(100);
  });

  it('measures nothing while a clock steps back, and goes on after that', () => {
    const { ledger, work, now } = thread();
    const a = ledger.open();
    ledger.switchTo(a);
    work(2);
    ledger.switchTo(a);
    now.wall -= 60e9;
    ledger.switchTo(a);
    work(3);
    ledger.close(a);
    expect(ms(a.selfNs)).toBeCloseTo(5, 9);
  });

  it.each([
    ['is not a number', Number.NaN],
    ['steps back', -1e12],
    ['is larger than the time that passed', 1e12],
  ])('takes the wall clock where the CPU time %s', (_, cpu) => {
    const { ledger, work, now } = thread();
    const a = ledger.open();
    ledger.switchTo(a);
    work(4);
    now.cpu = cpu;
    ledger.close(a);
    expect(ms(a.selfNs)).toBe(4);
  });

  it('keeps the chain above a span short when each span starts under the one before', () => {
    const { ledger, work } = thread();
    let last = ledger.open();
    for (let k = 0; k < 100_000; k++) {
      const next = ledger.open(last);
      ledger.switchTo(next);
      work(0.001);
      ledger.close(last);
      last = next;
    }
    ledger.close(last);
    expect(ledger.tooDeep).toBe(0);
    expect(last.parent).toBeUndefined();
  });

  it('counts spans that are nested too deep, and measures them without those above', () => {
    const { ledger, work } = thread();
    const root = ledger.open();
    let last = root;
    for (let k = 0; k < 256; k++) last = ledger.open(last);
    expect(ledger.tooDeep).toBe(1);
    ledger.switchTo(last);
    work(2);
    ledger.switchTo(undefined);
    ledger.close(last);
    ledger.close(root);
    expect([ms(last.totalNs), ms(root.totalNs)]).toEqual([2, 0]);
  });

  it('settles early when thousands of spans run while the clock stands still', () => {
    const { ledger, now, work } = thread();
    const spans = Array.from({ length: 10_000 }, () => ledger.open());
    now.readings = 0;
    for (const each of spans) ledger.switchTo(each);
    expect(now.readings).toBe(2);
    work(1);
    for (const each of spans) ledger.close(each);
    expect(spans.reduce((sum, { selfNs }) => sum + ms(selfNs), 0)).toBe(1);
  });

  it('shares out exactly what was used, over any sequence of switches, starts and ends', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 1664525 + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    for (let run = 0; run < 50; run++) {
      const { ledger, work, idle } = thread();
      const all = [ledger.open()];
      const pick = () => all[Math.floor(random() * all.length)];
      let used = 0;
      for (let k = 0; k < 300; k++) {
        const action = random();
        if (action < 0.2) all.push(ledger.open(random() < 0.8 ? pick() : undefined));
        else if (action < 0.3) ledger.close(pick()!);
        else if (action < 0.4) {
          ledger.switchTo(undefined);
          idle(random() * 20);
        } else {
          const next = pick()!;
          ledger.switchTo(next);
          const isOwned = (function nearest(account: typeof next | undefined): boolean {
            return account !== undefined && (account.isOpen || nearest(account.parent));
          })(next);
          const busy = random() * 3;
          work(busy);
          if (isOwned) used += busy;
          ledger.switchTo(undefined);
        }
      }
      for (const each of all) ledger.close(each);
      const self = all.reduce((sum, { selfNs }) => sum + ms(selfNs), 0);
      expect(self).toBeCloseTo(used, 6);
      for (const each of all) expect(each.totalNs).toBeGreaterThanOrEqual(each.selfNs);
    }
  });
});
