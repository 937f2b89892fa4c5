import { unknownMeter } from '@benchlab-otel/analysis';
import { attribute, SampleHistory, type Source } from '@benchlab-otel/core';
import { type Attributes, SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectPageRegion } from '../../../analysis/src/energy/pageRegion.suite.ts';
import { type CpuRig, cpuRig } from '../cpu/cpuRig.suite.ts';
import { cpuWeights } from '../cpu/cpuWeights.ts';
import { type ProcessShare, processShare } from '../cpu/processShare.ts';
import { SettlingSpans, type SettlingSpansOptions } from './settlingSpans.ts';

const activeJoules = attribute.energySystemActiveJoules;
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
  workedMs = 0;
  rig = cpuRig();
});
afterEach(() => rig.shutdown());

/** What the process of the test has worked, all of it, in milliseconds. */
let workedMs = 0;

function work(ms: number): void {
  rig.work(ms);
  workedMs += ms;
}

/** What the process does in no span, each 10 ms. */
const upkeepMs = 2;

/**
 * Requests of all kinds that overlap on one event loop, measured by a board whose power follows the CPU time of the process.
 * @param upkeep the process works in no span too, and this is how much of the host it uses
 */
async function measured(
  options: Pick<SettlingSpansOptions, 'weights' | 'meter'>,
  upkeep?: ProcessShare,
): Promise<Record<Kind, number>> {
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
  history.onSample((_source, timeNs) => upkeep?.observe(timeNs));
  const settling = new SettlingSpans(history, {
    clock: rig.clock,
    baseline: { system: restWatts },
    attributesOf: (_span, { roles }) => ({ [activeJoules]: roles.system?.activeJoules ?? Number.NaN }),
    ...options,
  });
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
  const keepUp = async () => {
    while (isRunning) {
      await rig.sleep(10);
      work(upkeepMs);
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
    const energy = await new Promise<Attributes | undefined>((resolve) => settling.end(ended, resolve));
    active[kind].push(Number(energy?.[activeJoules]));
  };
  let seed = 42;
  const random = () => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  await rig.until(async () => {
    const samples = Promise.all([meter(), upkeep && keepUp()]);
    // A share of the process needs a second of observations.
    await rig.sleep(30 * sampleMs);
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

  /** The meter of the rig shows means: with instants, a busy interval would be divided by the share of the one before it. */
  const meter = { ...unknownMeter, aperture: { kind: 'mean', seconds: 'since the sample before' } } as const;
  const hostShare = () =>
    processShare({
      readStat: () => `cpu  ${Math.floor(workedMs / 10)} 0 0 0 0 0 0 0 0 0\n`,
      processSeconds: () => workedMs / 1e3,
      nowNs: () => rig.clock.nowNs(),
    });

  it('is within 5 % next to work of the process in no span, which goes to unattributed', async () => {
    const share = hostShare();
    const apart = await measured({ meter, weights: { system: cpuWeights(rig.cpu, { share }) } }, share);
    for (const [kind, ratio] of Object.entries(apart))
      expect(Math.abs(ratio - 1), `${kind}: ${ratio}`).toBeLessThan(0.05);
  });

  it('has that work on the spans when no share of the process is given', async () => {
    const together = await measured({ meter, weights: { system: cpuWeights(rig.cpu) } }, hostShare());
    for (const ratio of Object.values(together)) expect(ratio).toBeGreaterThan(1.2);
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
