import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roleMeters } from '@benchlab-otel/analysis';
import { type PowerBoundary, type Source, systemClock } from '@benchlab-otel/core';
import { SampleBus } from '@benchlab-otel/wire';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type StartedMeter, startAgentBoards, startAgentMeter } from './meter.ts';

const periodMs = 20;

let folder: string;
let bus: SampleBus;
let meter: StartedMeter | undefined;
let timers: NodeJS.Timeout[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-meter-'));
  bus = new SampleBus({ path: join(folder, 'agent.sock') });
  timers = [];
  await bus.start();
});
afterEach(async () => {
  for (const timer of timers) clearInterval(timer);
  await meter?.stop();
  meter = undefined;
  await bus.stop();
  rmSync(folder, { recursive: true });
});

/** From now on the agent reads this source. */
function reads(id: string, boundary: PowerBoundary | undefined, totals: Readonly<Record<string, number>>): void {
  const source: Source = { id, name: id, simulated: false, attributes: {}, ...(boundary && { boundary }) };
  const sample = () => bus.sample({ source, timeNs: systemClock.nowNs(), uncertaintyNs: 0, readings: [], totals });
  timers.push(setInterval(sample, periodMs));
}

const metersOf = ({ watch }: StartedMeter) => watch.meters.map(({ id }) => id).sort();

test('each role has its own meter of the agent: the rails, else what the GPU and the processor count', async () => {
  reads('gpu0', 'gpu_board', { gpu: 200 });
  reads('package0', 'cpu_package', { cpu: 50 });
  reads('board', 'dc_rails', { system: 400, cpu: 70 });
  reads('host', undefined, {});

  const started = await startAgentMeter({ path: bus.path });
  meter = started;

  await vi.waitFor(() =>
    expect(roleMeters(started.history)).toMatchObject({
      system: { id: 'board' },
      cpu: { id: 'board' },
      gpu: { id: 'gpu0' },
    }),
  );
  expect(metersOf(started)).toEqual(['board', 'gpu0', 'package0']);
});

test('a bench without a board has what its GPU counts', async () => {
  reads('gpu0', 'gpu_board', { gpu: 200 });

  meter = await startAgentMeter({ path: bus.path });

  expect(metersOf(meter)).toEqual(['gpu0']);
  expect(await meter.watch.waitFor(systemClock.nowNs(), 1_000)).toBe(true);
});

test('with a board, its samples are awaited and not those of the GPU', async () => {
  reads('gpu0', 'gpu_board', { gpu: 200 });
  reads('board', 'dc_rails', { system: 400 });
  meter = await startAgentMeter({ path: bus.path });
  clearInterval(timers[1]);

  const nowNs = systemClock.nowNs();
  expect(await meter.watch.waitFor(nowNs, 200)).toBe(false);
  expect(await meter.watch.waitFor(nowNs, 200, ({ id }) => id === 'gpu0')).toBe(true);
});

test('the readings of boards are read from boards alone', async () => {
  reads('gpu0', 'gpu_board', { gpu: 200 });
  reads('board', 'dc_rails', { system: 400 });

  meter = await startAgentBoards({ path: bus.path });

  expect(metersOf(meter)).toEqual(['board']);
});

test('an agent that reads no meter is named', async () => {
  reads('host', undefined, {});

  await expect(startAgentMeter({ path: bus.path, firstSampleMs: 200 })).rejects.toThrow(
    'The agent sent no sample of a meter in time.',
  );
});
