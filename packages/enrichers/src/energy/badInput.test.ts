import { Worker } from 'node:worker_threads';
import { unknownMeter } from '@benchlab-otel/analysis';
import { SampleHistory } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { EnergyRig, meterOf } from './energyRig.suite.ts';

const board = meterOf('board', 'dc_rails');
const systemJoules = 'benchlab.energy.system.joules';

/** 100 W for a second; then a span of a second begins. */
async function running(history?: SampleHistory) {
  const rig = new EnergyRig({ meter: unknownMeter }, history);
  rig.read(board, { system: 100 });
  await rig.advance(1000);
  return { rig, span: rig.start('a') };
}

describe('samples', () => {
  it('that come late, out of order or twice are left out, and the others count', async () => {
    const { rig, span } = await running();
    await rig.advance(500);
    rig.sample(board, 1200, { system: 1e6 });
    rig.sample(board, 1500, { system: 1e6 });
    await rig.advance(500);
    const energy = rig.end(span);
    await rig.advance(200);

    expect((await energy)?.[systemJoules]).toBeCloseTo(100, 6);
    expect(rig.history.droppedSamples).toBe(2);
  });

  it('of another board change nothing', async () => {
    const { rig, span } = await running();
    const other = meterOf('other', 'dc_rails');
    rig.read(other, { system: 900, gpu: 400 });
    await rig.advance(1000);
    const energy = rig.end(span);
    await rig.advance(4800);

    expect((await energy)?.[systemJoules]).toBeCloseTo(100, 6);
    expect((await energy)?.['benchlab.energy.source']).toBe('board');
  });

  it('below 0 keep their sign, and are counted', async () => {
    const { rig, span } = await running();
    rig.read(board, { system: -2 });
    await rig.advance(1000);
    const energy = rig.end(span);
    await rig.advance(200);

    // The first interval goes from 100 to -2 W.
    expect((await energy)?.[systemJoules]).toBeCloseTo(0.05 * 49 - 2 * 0.95, 6);
    expect(rig.counts('benchlab.balance.negative').system).toBeGreaterThan(1.8);
  });

  it('that are not numbers leave a gap', async () => {
    const { rig, span } = await running();
    await rig.advance(200);
    rig.read(board, { system: Number.NaN });
    await rig.advance(500);
    rig.read(board, { system: 100 });
    await rig.advance(500);
    const energy = rig.end(span);
    await rig.advance(200);

    expect(await energy).not.toHaveProperty(systemJoules);
    expect(rig.counts('benchlab.balance.gap').system).toBeCloseTo(0.55, 6);
  });

  it('whose time steps back are dropped until it has caught up: there is no figure, and no wrong one', async () => {
    const { rig, span } = await running();
    rig.read(board, undefined);
    for (let ms = 0; ms < 1000; ms += 50) {
      await rig.advance(50);
      rig.sample(board, rig.nowMs - 3000, { system: 1e6 });
    }
    const energy = rig.end(span);
    await rig.advance(4800);

    expect((await energy) ?? {}).not.toHaveProperty(systemJoules);
  });

  it('whose time steps forward are a gap', async () => {
    const { rig, span } = await running();
    await rig.advance(500);
    rig.read(board, undefined);
    for (let ms = 0; ms < 500; ms += 50) {
      await rig.advance(50);
      rig.sample(board, rig.nowMs + 60_000, { system: 100 });
    }
    const energy = rig.end(span);
    await rig.advance(4800);

    expect(await energy).not.toHaveProperty(systemJoules);
    await rig.advance(60_000);
    rig.sample(board, rig.nowMs + 60_000, { system: 100 });
    expect(rig.counts('benchlab.balance.gap').system).toBeCloseTo(60.05, 6);
  });

  it('with more power than a host can have are left out: the energy is that of the samples around them', async () => {
    const { rig, span } = await running();
    await rig.advance(1000);
    rig.sample(board, rig.nowMs + 25, { system: 4_294_967_295 });
    await rig.advance(1000);
    const energy = rig.end(span);
    await rig.advance(4800);

    expect(Number((await energy)?.[systemJoules])).toBeCloseTo(200, 6);
    expect(rig.history.droppedSamples).toBe(1);
  });

  it('of a counter that was reset are as good as its receiver makes them: a negative power is not hidden', async () => {
    const rig = new EnergyRig();
    const rapl = meterOf('rapl', 'cpu_package');
    rig.read(rapl, { cpu: 40 });
    await rig.advance(1000);
    const span = rig.start('a');
    await rig.advance(500);
    rig.read(rapl, undefined);
    await rig.advance(50);
    rig.sample(rapl, rig.nowMs, { cpu: -2e4 });
    rig.read(rapl, { cpu: 40 });
    await rig.advance(450);
    const energy = rig.end(span);
    await rig.advance(4800);

    expect(Number((await energy)?.['benchlab.energy.cpu.joules'])).toBeLessThan(0);
    expect(rig.counts('benchlab.balance.negative').cpu).toBeCloseTo(1e3, -1);
  });
});

describe('spans', () => {
  it('that live longer than the history of samples have the energy of all their life', async () => {
    const { rig, span } = await running(new SampleHistory({ capacity: 16 }));
    await rig.advance(5000);
    const energy = rig.end(span);
    await rig.advance(200);

    expect((await energy)?.[systemJoules]).toBeCloseTo(500, 6);
    expect((await energy)?.['benchlab.energy.coverage']).toBe(1);
  });

  it('that end twice, in the future or before their start are answered once each, and the first end counts', async () => {
    const { rig, span } = await running();
    const backwards = rig.start('backwards');
    const future = rig.start('future');
    await rig.advance(1000);
    const answers = [rig.end(span), rig.end(span), rig.end(backwards, { endNs: 0 }), rig.end(future, { endNs: 1e15 })];
    await rig.advance(4800);

    const [first, second, third] = await Promise.all(answers);
    expect(first?.[systemJoules]).toBeCloseTo(100 / 3, 6); // 100 W for a second, between three spans
    expect(second).toBeUndefined();
    expect(third).toBeUndefined();
    expect(rig.clock.pending).toBe(0);
  });

  it('whose parent starts later, is one of them in a circle, or ends first keep the sum', async () => {
    const rig = new EnergyRig({ meter: unknownMeter });
    rig.read(board, { system: 100 });
    await rig.advance(1000);
    const child = rig.start('child', { parentSpanId: 'parent' });
    const parent = rig.start('parent', { parentSpanId: 'child' });
    const own = rig.start('own', { parentSpanId: 'own' });
    await rig.advance(500);
    const first = rig.end(parent);
    await rig.advance(500);
    const others = [rig.end(child), rig.end(own)];
    await rig.advance(4800);

    const energies = await Promise.all([first, ...others]);
    const self = energies.reduce((sum, energy) => sum + Number(energy?.['benchlab.energy.system.self.joules']), 0);
    expect(self).toBeCloseTo(100, 6);
  });

  it('beyond the bound are forgotten, counted and answered', async () => {
    const rig = new EnergyRig({ meter: unknownMeter, maxTracked: 100 });
    rig.read(board, { system: 100 });
    await rig.advance(1000);
    const spans = Array.from({ length: 10_000 }, (_, k) => rig.start(`s${k}`));
    await rig.advance(1000);
    const answers = spans.map((span) => rig.end(span));
    await rig.advance(200);

    const energies = await Promise.all(answers);
    expect(energies.filter((energy) => energy !== undefined)).toHaveLength(100);
    expect(rig.counts('benchlab.spans.forgotten')).toEqual({ '': 9900 });
    expect(energies.reduce((sum, energy) => sum + Number(energy?.[systemJoules] ?? 0), 0)).toBeCloseTo(100, 6);
  });

  it('that ended and wait are answered when they are forgotten for others', async () => {
    const rig = new EnergyRig({ meter: unknownMeter, maxTracked: 1 });
    rig.read(board, { system: 100 });
    await rig.advance(1000);
    const energy = rig.end(rig.start('a'), { endNs: 1.5e9 });
    rig.start('b');

    expect(await energy).toBeUndefined();
  });
});

it('threads measure their own spans: one that is sent samples gives its spans the same figures', async () => {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const { pathToFileURL } = require('node:url');
     (async () => {
       const [core, enrichers] = await Promise.all(['core', 'enrichers'].map((name) => import('@benchlab-otel/' + name)));
       const history = new core.SampleHistory();
       let nowNs = 0;
       const clock = { nowNs: () => nowNs, anchor: () => ({}), at: () => () => {} };
       const energy = enrichers.spanEnergy(history, { clock });
       const source = { id: 'board', name: 'board', simulated: false, boundary: 'dc_rails', attributes: {} };
       const sample = () => history.sample({ source, timeNs: nowNs, uncertaintyNs: 0, readings: [], totals: { system: 100 } });
       for (; nowNs < 1e9; nowNs += 5e7) sample();
       const span = { traceId: 't', spanId: 'a', name: 'work', kind: 0, startNs: nowNs };
       energy.spanStarted(undefined, undefined, span);
       for (; nowNs < 2e9; nowNs += 5e7) sample();
       const answer = energy.spanEnded({ ...span, endNs: nowNs, uncertaintyNs: 0, attributes: {} });
       for (const endNs = nowNs + 2e8; nowNs < endNs; nowNs += 5e7) sample();
       parentPort.postMessage(await answer);
     })();`,
    { eval: true, execArgv: [] },
  );
  const attributes = await new Promise<Record<string, unknown>>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();

  expect(attributes[systemJoules]).toBeCloseTo(100, 6);
});
