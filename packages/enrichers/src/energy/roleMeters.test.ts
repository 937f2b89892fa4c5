import { unknownMeter } from '@benchlab-otel/analysis';
import { describe, expect, it } from 'vitest';
import { EnergyRig, meterOf } from './energyRig.suite.ts';

const board = meterOf('board', 'dc_rails');
const nvml = meterOf('nvml', 'gpu_board');
const rapl = meterOf('rapl', 'cpu_package');
/** A simulated meter shows the mean since the sample before, as an energy counter does. */
const counter = meterOf('counter', 'gpu_board', true);

describe('a span whose roles have different meters', () => {
  it('has each role from its own, with its boundary, method, coverage and source', async () => {
    const rig = new EnergyRig();
    rig.read(board, { system: 200 });
    rig.read(rapl, { cpu: 40 });
    rig.read(counter, { gpu: 90 });
    await rig.advance(1000);

    expect(await rig.span(1000)).toEqual({
      'benchlab.energy.boundary': 'dc_rails',
      'benchlab.energy.coverage': 1,
      'benchlab.energy.samples': 21,
      'benchlab.energy.source': 'board',
      'benchlab.energy.method': 'direct',
      'benchlab.energy.nature': 'measured',
      'benchlab.energy.system.joules': expect.closeTo(200, 6),
      'benchlab.energy.system.self.joules': expect.closeTo(200, 6),
      'benchlab.energy.system.stderr': expect.closeTo(0, 4),
      'benchlab.energy.cpu.boundary': 'cpu_package',
      'benchlab.energy.cpu.method': 'counter',
      'benchlab.energy.cpu.coverage': 1,
      'benchlab.energy.cpu.source': 'rapl',
      'benchlab.energy.cpu.joules': expect.closeTo(40, 6),
      'benchlab.energy.cpu.self.joules': expect.closeTo(40, 6),
      'benchlab.energy.cpu.stderr': expect.closeTo(0, 4),
      'benchlab.energy.gpu.boundary': 'gpu_board',
      'benchlab.energy.gpu.method': 'counter',
      'benchlab.energy.gpu.coverage': 1,
      'benchlab.energy.gpu.source': 'counter',
      'benchlab.energy.gpu.joules': expect.closeTo(90, 6),
      'benchlab.energy.gpu.self.joules': expect.closeTo(90, 6),
      'benchlab.energy.gpu.stderr': expect.closeTo(0, 4),
      'benchlab.simulated': true,
    });
  });

  it('is apportioned where it shared the bench, also what a device counted', async () => {
    const rig = new EnergyRig();
    rig.read(board, { system: 200 });
    rig.read(rapl, { cpu: 40 });
    await rig.advance(1000);
    rig.start('other');

    const energy = await rig.span(1000);
    expect(energy).toMatchObject({
      'benchlab.energy.cpu.method': 'apportioned',
      'benchlab.energy.cpu.joules': expect.closeTo(20, 6),
      'benchlab.energy.weights': 'equal',
    });
    expect(energy).not.toHaveProperty('benchlab.energy.cpu.weights');
  });

  it('has the processor from its counter where there is no board, and no system', async () => {
    const rig = new EnergyRig();
    rig.read(rapl, { cpu: 40 });
    await rig.advance(1000);

    const energy = await rig.span(1000);
    expect(energy).toMatchObject({
      'benchlab.energy.boundary': 'cpu_package',
      'benchlab.energy.method': 'counter',
      'benchlab.energy.cpu.joules': expect.closeTo(40, 6),
    });
    expect(energy).not.toHaveProperty('benchlab.energy.system.joules');
    expect(energy).not.toHaveProperty('benchlab.energy.cpu.source');
  });
});

describe('a meter that shows the mean of a second', () => {
  it.each([
    [1900, undefined],
    [2000, expect.closeTo(180, 6)],
  ])('after a span of %s ms has %s joules: two of its windows are the least', async (ms, joules) => {
    const rig = new EnergyRig();
    rig.read(board, { system: 200 });
    rig.read(nvml, { gpu: 90 });
    await rig.advance(1000);

    const energy = await rig.span(ms);
    expect(energy?.['benchlab.energy.gpu.joules']).toEqual(joules);
    expect(energy?.['benchlab.energy.system.joules']).toBeCloseTo(ms / 5, 6);
    expect(energy?.['benchlab.energy.gpu.coverage']).toBe(joules === undefined ? undefined : 1);
  });

  it('states an error that holds for a pulse, whose edges it smears', async () => {
    const rig = new EnergyRig();
    rig.read(board, { system: 200 });
    await rig.advance(1000);
    // 60 W, and 300 W from 4 to 8 s, seen as the mean of the second before.
    const watts = (ms: number) => 60 + 0.24 * Math.max(0, Math.min(ms, 8000) - Math.max(ms - 1000, 4000));
    const span = async () => {
      let energy: ReturnType<EnergyRig['end']> | undefined;
      let span: ReturnType<EnergyRig['start']> | undefined;
      for (let ms = 1050; ms <= 12_000; ms += 50) {
        await rig.advance(50);
        rig.sample(nvml, ms, { gpu: watts(ms) });
        if (ms === 4000) span = rig.start('pulse');
        if (ms === 8000 && span) energy = rig.end(span);
      }
      return energy;
    };

    const energy = await span();
    const [joules, stderr] = [energy?.['benchlab.energy.gpu.joules'], energy?.['benchlab.energy.gpu.stderr']];
    expect(stderr).toBeGreaterThan(0);
    expect(Math.abs(Number(joules) - 1200)).toBeLessThan(1.96 * Number(stderr));
    expect(Math.abs(Number(joules) - 1200)).toBeLessThan(100);
  });
});

describe('a meter that is lost', () => {
  it('gives its role to the next one, and a span across that has no figure of two boundaries', async () => {
    const rig = new EnergyRig({ meter: unknownMeter });
    rig.read(board, { system: 200, gpu: 90 });
    rig.read(nvml, { gpu: 80 });
    await rig.advance(1000);
    const across = rig.start('across');
    await rig.advance(1000);
    rig.lose(board);
    await rig.advance(1000);
    const energy = rig.end(across);
    await rig.advance(4800);

    expect(await energy).toMatchObject({ 'benchlab.energy.source': 'board', 'benchlab.energy.boundary': 'dc_rails' });
    expect((await energy)?.['benchlab.energy.coverage']).toBeCloseTo(0.5, 6);
    expect(await energy).not.toHaveProperty('benchlab.energy.gpu.joules');
    expect(await rig.span(1000)).toMatchObject({
      'benchlab.energy.source': 'nvml',
      'benchlab.energy.boundary': 'gpu_board',
      'benchlab.energy.gpu.joules': expect.closeTo(80, 6),
    });
  });

  it('takes its role back when it returns', async () => {
    const rig = new EnergyRig({ meter: unknownMeter });
    rig.read(board, { system: 200, gpu: 90 });
    rig.read(nvml, { gpu: 80 });
    rig.start('open');
    await rig.advance(1000);
    rig.lose(board);
    await rig.advance(2000);
    rig.read(board, { system: 200, gpu: 90 });
    await rig.advance(500);

    expect(await rig.span(1000)).toMatchObject({ 'benchlab.energy.source': 'board' });
    const gap = rig.counts('benchlab.balance.gap');
    expect(gap.system).toBeCloseTo(2.05, 1);
    expect(gap.gpu).toBeLessThan(0.2);
  });

  it('leaves a span without a figure where no other has the role', async () => {
    const rig = new EnergyRig();
    rig.read(board, { system: 200 });
    await rig.advance(1000);
    const span = rig.start('a');
    await rig.advance(500);
    rig.lose(board);
    await rig.advance(500);
    const energy = rig.end(span);
    await rig.advance(4800);

    expect((await energy)?.['benchlab.energy.coverage']).toBeCloseTo(0.5, 6);
    expect(await energy).not.toHaveProperty('benchlab.energy.system.joules');
    expect(rig.clock.pending).toBe(0);
  });
});

describe('a role that the board stops to measure', () => {
  it('has no figure where its share of the time is missing, and the others have theirs', async () => {
    const rig = new EnergyRig({ meter: unknownMeter });
    rig.read(board, { system: 200, cpu: 40 });
    await rig.advance(1000);
    const span = rig.start('a');
    await rig.advance(500);
    rig.read(board, { system: 200 });
    await rig.advance(500);
    const energy = rig.end(span);
    await rig.advance(4800);

    expect((await energy)?.['benchlab.energy.system.joules']).toBeCloseTo(200, 6);
    expect(await energy).not.toHaveProperty('benchlab.energy.cpu.joules');
  });
});

describe("the meter's own uncertainty", () => {
  const calibrated = {
    ...unknownMeter,
    gain: { kind: 'bound', value: 0.005 },
    offsetWatts: { kind: 'stderr', value: 0.5 },
  } as const;

  it('is on the span where gain and offset are stated', async () => {
    const rig = new EnergyRig({ meter: calibrated });
    rig.read(board, { system: 200 });
    await rig.advance(1000);

    const energy = await rig.span(1000);
    // 200 J · 0.5 % / √3, and 0.5 W · 1 s.
    expect(energy?.['benchlab.energy.system.meter.stderr']).toBeCloseTo(Math.hypot(1 / Math.sqrt(3), 0.5), 6);
    expect(energy?.['benchlab.energy.system.stderr']).toBeCloseTo(0, 4);
  });

  it('is absent where one of them is not', async () => {
    const rig = new EnergyRig({ meter: { ...calibrated, gain: 'not stated by the vendor' } });
    rig.read(board, { system: 200 });
    await rig.advance(1000);

    expect(await rig.span(1000)).not.toHaveProperty('benchlab.energy.system.meter.stderr');
  });
});
