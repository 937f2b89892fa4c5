import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CpuRig, cpuRig, type RigSpan } from './cpuRig.suite.ts';

/** CPU time of one request alone, in milliseconds: what `work` is called with. */
const truthMs = { io: 1, cpu: 8, mix: 4 };
type Kind = keyof typeof truthMs;
const kinds = Object.keys(truthMs) as Kind[];

/** A meter: what was used between two samples, 50 ms apart, as the energy that it shows above idle (1 W on the CPU). */
const sampleMs = 50;

let rig: CpuRig;
let workedMs = 0;
let samples: { readonly timeNs: number; readonly joules: number }[] = [];
beforeEach(async () => {
  rig = cpuRig();
  workedMs = 0;
  samples = [];
  await rig.until(() => requests(400));
});
afterEach(() => rig.shutdown());

function work(ms: number) {
  rig.work(ms);
  workedMs += ms;
}

const run: Record<Kind, () => Promise<void>> = {
  async io() {
    work(0.5);
    await rig.sleep(40);
    work(0.5);
  },
  async cpu() {
    work(4);
    await rig.sleep(4);
    work(4);
  },
  async mix() {
    work(1.5);
    await rig.sleep(15);
    work(1.5);
    await rig.sleep(5);
    work(1);
  },
};

/** Requests of all kinds on one event loop that overlap, 8 ms apart on average, and a meter that is read meanwhile. */
async function requests(count: number) {
  let seed = 42;
  const random = () => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  let isRunning = true;
  const meter = (async () => {
    while (isRunning) {
      samples.push({ timeNs: rig.clock.nowNs(), joules: workedMs / 1e3 });
      await rig.sleep(sampleMs);
    }
    samples.push({ timeNs: rig.clock.nowNs(), joules: workedMs / 1e3 });
  })();
  const pending: Promise<void>[] = [];
  for (let k = 0; k < count; k++) {
    const u = random();
    const kind = u < 0.6 ? 'io' : u < 0.75 ? 'cpu' : 'mix';
    pending.push(rig.inSpan(kind, run[kind]));
    await rig.sleep(-Math.log(1 - random()) * 8);
  }
  await Promise.all(pending);
  isRunning = false;
  await meter;
}

/** Mean of each kind, as a ratio to its truth. */
function ratios(of: (span: RigSpan) => number): Record<Kind, number> {
  return Object.fromEntries(
    kinds.map((kind) => {
      const spans = rig.ended.filter(({ name }) => name === kind);
      return [kind, spans.reduce((sum, span) => sum + of(span), 0) / spans.length / (truthMs[kind] / 1e3)];
    }),
  ) as Record<Kind, number>;
}

/** The energy of each interval between two samples, divided among the spans alive in it by overlap and weight. */
function divided(weight: (span: RigSpan) => number): Map<string, number> {
  const joules = new Map<string, number>();
  for (let k = 1; k < samples.length; k++) {
    const [from, to] = [samples[k - 1]!, samples[k]!];
    const parts = rig.ended.flatMap((span) => {
      const overlapNs = Math.min(to.timeNs, span.endNs) - Math.max(from.timeNs, span.startNs);
      return overlapNs > 0 ? [{ span, part: overlapNs * weight(span) }] : [];
    });
    const sum = parts.reduce((total, { part }) => total + part, 0);
    for (const { span, part } of parts) {
      joules.set(span.spanId, (joules.get(span.spanId) ?? 0) + ((to.joules - from.joules) * part) / sum);
    }
  }
  return joules;
}

const seconds = (span: RigSpan) => rig.cpu.secondsOf(span)?.totalSeconds ?? Number.NaN;
const perSecond = (span: RigSpan) => seconds(span) / (span.endNs - span.startNs);

describe('three kinds of request on one event loop, whose CPU time the test counts', () => {
  it('have their own CPU time within 1 %, each request', () => {
    expect(rig.ended).toHaveLength(400);
    for (const span of rig.ended) {
      const truth = truthMs[span.name as Kind] / 1e3;
      expect(Math.abs(seconds(span) / truth - 1), span.name).toBeLessThan(0.01);
    }
  });

  it('add up to what the process used', () => {
    const sum = rig.ended.reduce((total, span) => total + seconds(span), 0);
    expect(sum).toBeCloseTo(workedMs / 1e3, 9);
  });

  it('have their own energy within 5 % when it is divided by CPU time', () => {
    const joules = divided(perSecond);
    for (const [kind, ratio] of Object.entries(ratios(({ spanId }) => joules.get(spanId) ?? 0))) {
      expect(Math.abs(ratio - 1), kind).toBeLessThan(0.05);
    }
  });

  it('have not when it is divided equally: a kind that waits gets 80 % too much and more', () => {
    const joules = divided(() => 1);
    const equal = ratios(({ spanId }) => joules.get(spanId) ?? 0);
    expect(equal.io).toBeGreaterThan(1.8);
    expect(equal.cpu).toBeLessThan(0.8);
  });
});
