import { unknownMeter } from '@benchlab-otel/analysis';
import { type Attributes, type Context, createNoopMeter, metrics, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { attributeWeights } from './attributeWeights.ts';
import { EnergyRig, meterOf } from './energyRig.suite.ts';
import { MinuteEstimates } from './minuteEstimates.ts';
import { OperationNames } from './operationNames.ts';

const board = meterOf('board', 'dc_rails');

afterEach(() => metrics.disable());

/** What histograms of the API are given. */
function recorded(): { value: number; attributes: Attributes; context?: Context }[] {
  const points: { value: number; attributes: Attributes; context?: Context }[] = [];
  const meter = createNoopMeter();
  meter.createHistogram = () => ({
    record: (value, attributes: Attributes = {}, context?: Context) =>
      points.push({ value, attributes, ...(context && { context }) }),
  });
  metrics.setGlobalMeterProvider({ getMeter: () => meter });
  return points;
}

async function measured(options: ConstructorParameters<typeof EnergyRig>[0] = {}) {
  const rig = new EnergyRig({ meter: unknownMeter, ...options });
  rig.read(board, { system: 100, gpu: 60 });
  await rig.advance(1000);
  return rig;
}

describe('the histogram of the energy of operations', () => {
  it('has each resolved span, for each role, with the span as the exemplar', async () => {
    const points = recorded();
    const rig = await measured();
    await rig.span(500, { spanId: 'b'.repeat(16), name: 'infer' });
    await rig.span(10, { name: 'short' });

    expect(points.map(({ value, attributes }) => [value, attributes])).toEqual([
      [
        expect.closeTo(50, 6),
        { 'benchlab.operation': 'infer', 'benchlab.power.role': 'system', 'benchlab.energy.method': 'direct' },
      ],
      [
        expect.closeTo(30, 6),
        { 'benchlab.operation': 'infer', 'benchlab.power.role': 'gpu', 'benchlab.energy.method': 'direct' },
      ],
    ]);
    const [first] = points;
    expect(first?.context && trace.getSpanContext(first.context)).toMatchObject({
      spanId: 'b'.repeat(16),
      traceFlags: 1,
    });
  });

  it('marks what a simulated meter measured, and finds a provider that is registered later', async () => {
    const rig = new EnergyRig();
    rig.read(meterOf('emulated', 'dc_rails', true), { system: 100 });
    await rig.advance(1000);
    await rig.span(500);
    const points = recorded();
    await rig.span(500);

    expect(points.map(({ attributes }) => attributes['benchlab.simulated'])).toEqual([true]);
  });

  it('has 1,000 operations, and the further ones as other, counted', () => {
    const names = new OperationNames();
    const indexes = Array.from({ length: 1003 }, (_, k) => names.indexOf(`op${k}`));
    expect(names.nameOf(indexes[999] ?? 0)).toBe('op999');
    expect(indexes.slice(1000)).toEqual([0, 0, 0]);
    expect(names.nameOf(0)).toBe('other');
    expect(names.indexOf('op5')).toBe(indexes[5]);
    expect(names.overflowed).toBe(3);
  });

  it('takes nothing with metrics: false', async () => {
    const points = recorded();
    await (await measured({ metrics: false })).span(500);
    expect(points).toEqual([]);
  });
});

describe('the estimates of the last minute', () => {
  it('have the energy of calls that no sample can see, with an error that holds', async () => {
    const rig = new EnergyRig({
      estimates: true,
      meter: { ...unknownMeter, aperture: { kind: 'mean', seconds: 'since the sample before' } },
    });
    // Calls of 1 ms add 100 W to 50 W. The meter shows the mean since the sample before.
    let calls = 0;
    let seed = 7;
    const random = () => {
      seed = (seed * 1664525 + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    rig.start('open', { name: 'server' });
    for (let ms = 50; ms <= 62_000; ms += 50) {
      await rig.clock.advanceMs(50);
      const count = Math.floor(random() * 10);
      for (let k = 0; k < count; k++) {
        const startNs = (ms - 50 + 4 * k + 3 * random()) * 1e6;
        const span = rig.start(`c${calls++}`.padStart(16, '0'), { name: 'short', startNs });
        void rig.end(span, { endNs: startNs + 1e6 });
      }
      const noise = random() - 0.5;
      rig.sample(board, ms, { system: 50 + (100 * count) / 50 + noise });
    }

    const joules = rig.counts('benchlab.operation.energy.estimate')['short system'];
    const stderr = rig.counts('benchlab.operation.energy.estimate.stderr')['short system'];
    expect(Math.abs(Number(joules) - 0.15)).toBeLessThan(4 * Number(stderr));
    expect(Number(stderr)).toBeGreaterThan(0);
    expect(Number(stderr)).toBeLessThan(0.03);
  });

  it('are absent for a minute with more calls than are kept, which are counted', async () => {
    const rig = await measured();
    const minutes = new MinuteEstimates(rig.history, new OperationNames(), 10);
    const span = rig.start('a');
    for (let k = 0; k < 11; k++) minutes.add({ ...span, endNs: span.startNs + 1e6 });
    minutes.sampled(span.startNs + 60e9);

    expect(minutes.counts()).toEqual([]);
    expect(minutes.unestimated).toBe(11);
  });
});

describe('the balance', () => {
  it('is read as counters by role: what no span has, what the baseline is, and what is below 0', async () => {
    const rig = await measured({ baseline: { system: 60 } });
    await rig.span(1000);

    const [unattributed, idle] = [rig.counts('benchlab.balance.unattributed'), rig.counts('benchlab.balance.idle')];
    // From the start of the span on: 1 s of it and 4.8 s without.
    expect(unattributed.system).toBeCloseTo(480, 6);
    expect(unattributed.gpu).toBeCloseTo(288, 6);
    expect(idle).toEqual({ system: expect.closeTo(348, 6) });
    expect(rig.counts('benchlab.balance.negative')).toEqual({ system: 0, gpu: 0 });
    expect(rig.counts('benchlab.balance.gap')).toEqual({ system: 0, gpu: 0 });
  });

  it('never falls, also where the meter shows less than 0', async () => {
    const rig = await measured();
    await rig.span(1000);
    const before = rig.counts('benchlab.balance.unattributed').system ?? Number.NaN;
    rig.read(board, { system: -50 });
    // No span takes the energy below 0: it goes to unattributed, which it lowers.
    await rig.advance(2000);
    await rig.span(1000);

    expect(before).toBeGreaterThan(100);
    expect(rig.counts('benchlab.balance.unattributed').system).toBe(before);
    expect(rig.counts('benchlab.balance.negative').system).toBeGreaterThan(90);
  });

  it('is absent for roles that nothing measures', () => {
    expect(new EnergyRig().counts('benchlab.balance.unattributed')).toEqual({});
  });
});

describe('weights', () => {
  const tokens = attributeWeights('gen_ai.usage.output_tokens');

  async function shared(a: Attributes, b: Attributes, weights = { gpu: tokens }) {
    const rig = await measured({ weights });
    const [first, second] = [rig.start('a'), rig.start('b')];
    await rig.advance(1000);
    const answers = [rig.end(first, { attributes: a }), rig.end(second, { attributes: b })];
    await rig.advance(4800);
    return Promise.all(answers);
  }

  it('of one role divide that role, and are named on it', async () => {
    const [a, b] = await shared({ 'gen_ai.usage.output_tokens': 300 }, { 'gen_ai.usage.output_tokens': 100 });
    expect(a).toMatchObject({
      'benchlab.energy.weights': 'equal',
      'benchlab.energy.gpu.weights': 'attribute:gen_ai.usage.output_tokens',
      'benchlab.energy.system.joules': expect.closeTo(50, 6),
      'benchlab.energy.gpu.joules': expect.closeTo(45, 6),
    });
    expect(b?.['benchlab.energy.gpu.joules']).toBeCloseTo(15, 6);
  });

  it.each([
    ['not a number', 'many'],
    ['NaN', Number.NaN],
    ['negative', -1],
    ['huge', 1e300],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('share equally, and the span states it, where one is %s', async (_, value) => {
    const [a] = await shared({ 'gen_ai.usage.output_tokens': 300 }, { 'gen_ai.usage.output_tokens': value });
    expect(a?.['benchlab.energy.gpu.joules']).toBeCloseTo(30, 6);
    expect(a).not.toHaveProperty('benchlab.energy.gpu.weights');
  });

  it('share equally where all are 0', async () => {
    const [a] = await shared({}, { 'gen_ai.usage.output_tokens': 0 });
    expect(a?.['benchlab.energy.gpu.joules']).toBeCloseTo(30, 6);
  });

  it('of a span that never ends are waited for 4 s, then shares are equal', async () => {
    const rig = await measured({ weights: { gpu: tokens } });
    rig.start('open');
    const span = rig.start('a');
    await rig.advance(1000);
    let isAnswered = false;
    const energy = rig.end(span, { attributes: { 'gen_ai.usage.output_tokens': 300 } });
    void energy.then(() => {
      isAnswered = true;
    });
    await rig.advance(3900);
    expect(isAnswered).toBe(false);
    await rig.advance(300);

    expect((await energy)?.['benchlab.energy.gpu.joules']).toBeCloseTo(30, 6);
    expect(await energy).not.toHaveProperty('benchlab.energy.gpu.weights');
  });

  it('may be a function of the application, with a name of at most 128 characters', async () => {
    const own = {
      name: 'frames',
      isKnownAtEnd: true,
      selfOf: ({ spanId }: { spanId: string }) => (spanId === 'a' ? 2 : 1),
    };
    const [a] = await shared({}, {}, { gpu: own });
    expect(a).toMatchObject({
      'benchlab.energy.gpu.weights': 'frames',
      'benchlab.energy.gpu.joules': expect.closeTo(40, 6),
    });
    expect(() => new EnergyRig({ weights: { gpu: { ...own, name: 'x'.repeat(129) } } })).toThrow('weights.gpu.name');
    expect(() => new EnergyRig({ weights: { gpu: { ...own, name: '' } } })).toThrow('weights.gpu.name');
    expect(() => new EnergyRig({ weights: { gpu: { name: 'x' } as never } })).toThrow('weights.gpu.selfOf');
    expect(() => new EnergyRig({ weights: { board: own } as never })).toThrow('weights');
  });
});
