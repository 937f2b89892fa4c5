import type { SpanEnergy } from '@benchlab-otel/analysis';
import { SampleHistory, type Source } from '@benchlab-otel/core';
import { SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectPageRegion } from '../../../analysis/src/energy/pageRegion.suite.ts';
import { type CpuRig, cpuRig } from '../cpu/cpuRig.suite.ts';
import { cpuWeights } from '../cpu/cpuWeights.ts';
import { SettlingSpans, type SettlingSpansOptions } from './settlingSpans.ts';

/** CPU time of one request alone, in milliseconds: what the test works off. */
const truthMs = { io: 1, cpu: 8, mix: 4 };
type Kind = keyof typeof truthMs;
const kinds = Object.keys(truthMs) as Kind[];

const restWatts = 60;
/** A processor that works takes so much more. */
const workWatts = 100;
const sampleMs = 50;
const board: Source = { id: 'U1', name: 'board', simulated: true, boundary: 'dc_rails', attributes: {} };

let rig: CpuRig;
beforeEach(() => {
  rig = cpuRig();
});
afterEach(() => rig.shutdown());

/** Requests of all kinds that overlap on one event loop, measured by a board whose power follows their CPU time. */
async function measured(options: Pick<SettlingSpansOptions, 'weights'>): Promise<Record<Kind, number>> {
  let workedMs = 0;
  const work = (ms: number) => {
    rig.work(ms);
    workedMs += ms;
  };
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
  const history = new SampleHistory();
  const settling = new SettlingSpans(history, { clock: rig.clock, baseline: { system: restWatts }, ...options });
  const active: Record<Kind, number[]> = { io: [], cpu: [], mix: [] };
  let isRunning = true;
  const meter = async () => {
    let before = { workedMs: 0, nowNs: rig.clock.nowNs() };
    while (isRunning) {
      await rig.sleep(sampleMs);
      const now = { workedMs, nowNs: rig.clock.nowNs() };
      const busy = ((now.workedMs - before.workedMs) * 1e6) / (now.nowNs - before.nowNs);
      const totals = { system: restWatts + workWatts * busy };
      history.sample({ source: board, timeNs: now.nowNs, uncertaintyNs: 0, readings: [], totals });
      before = now;
    }
  };
  const request = async (kind: Kind) => {
    const life = {
      traceId: 't',
      spanId: '',
      name: kind as string,
      kind: SpanKind.INTERNAL,
      startNs: rig.clock.nowNs(),
    };
    await rig.inSpan(kind, (span) => {
      life.spanId = span.spanContext().spanId;
      settling.start(life);
      return run[kind]();
    });
    const ended = { ...life, endNs: rig.clock.nowNs(), uncertaintyNs: 0, attributes: {} };
    const energy = await new Promise<SpanEnergy | undefined>((resolve) => settling.end(ended, resolve));
    active[kind].push(energy?.roles.system?.activeJoules ?? Number.NaN);
  };
  let seed = 42;
  const random = () => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  await rig.until(async () => {
    const samples = meter();
    await rig.sleep(5 * sampleMs);
    const pending: Promise<void>[] = [];
    for (let k = 0; k < 400; k++) {
      const u = random();
      pending.push(request(u < 0.6 ? 'io' : u < 0.75 ? 'cpu' : 'mix'));
      await rig.sleep(-Math.log(1 - random()) * 8);
    }
    await Promise.all(pending);
    isRunning = false;
    await samples;
  });
  return Object.fromEntries(
    kinds.map((kind) => {
      const mean = active[kind].reduce((sum, joules) => sum + joules, 0) / active[kind].length;
      return [kind, mean / ((truthMs[kind] / 1e3) * workWatts)];
    }),
  ) as Record<Kind, number>;
}

describe('energy beyond rest of three kinds of request that overlap, as a ratio to the truth', () => {
  it('is within 1 % when it is divided by CPU time', async () => {
    const weights = cpuWeights(rig.cpu);
    for (const [kind, ratio] of Object.entries(await measured({ weights: { system: weights } }))) {
      expect(Math.abs(ratio - 1), `${kind}: ${ratio}`).toBeLessThan(0.01);
    }
  });

  it('is far from it when it is divided equally: a kind that waits gets 80 % too much and more', async () => {
    const equal = await measured({});
    expect(equal.io).toBeGreaterThan(1.8);
    expect(equal.cpu).toBeLessThan(0.8);
  });

  it('has these figures in docs/energy.md', async () => {
    const ways = [
      ['equal shares', await measured({})],
      ['by CPU time', await measured({ weights: { system: cpuWeights(rig.cpu) } })],
    ] as const;
    await expectPageRegion('energy.md', 'three kinds', [
      '| three kinds of request on one event loop, energy beyond rest, ratio to the truth | waits most | both | works most |',
      '| --- | --- | --- | --- |',
      ...ways.map(
        ([way, { io, mix, cpu }]) => `| ${way} | ${[io, mix, cpu].map((ratio) => ratio.toFixed(2)).join(' | ')} |`,
      ),
    ]);
  });
});
