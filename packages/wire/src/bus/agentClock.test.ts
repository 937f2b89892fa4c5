import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SampleMetrics, systemClock } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { AgentClock, clockBracket } from './agentClock.ts';
import { agentReceiver } from './agentReceiver.ts';
import { board, sampleOf, sensor } from './busLines.suite.ts';
import { SampleBus } from './sampleBus.ts';

const reading = { sensor: sensor('EPS1'), value: 12.5 };

it.each([
  ['the same clock', 1000, 1400, 2000, { offsetNs: -100, uncertaintyNs: 500 }],
  ['a clock that is ahead', 1000, 10_000, 2000, { offsetNs: 8500, uncertaintyNs: 500 }],
  ['a clock that is behind', 1000, 0, 1000, { offsetNs: -1000, uncertaintyNs: 0 }],
  ['our own clock stepping back', 2000, 1500, 1000, undefined],
  ['a time that is not a number', Number.NaN, 1500, 1000, undefined],
])('the bracket of %s', (_, askedNs, agentNs, readNs, expected) => {
  expect(clockBracket(askedNs, agentNs, readNs)).toEqual(expected);
});

it('adds nothing where the clock of the agent is not known', () => {
  const sample = sampleOf(board, 2e9, [reading]);
  expect(new AgentClock().withReadings(sample)).toBe(sample);
});

it('adds two readings with the same sensors to each sample of a source, marked where the source is simulated', () => {
  const clock = new AgentClock();
  clock.bracket = { offsetNs: -2000, uncertaintyNs: 5000 };
  const [first, second] = [2e9, 3e9].map((timeNs) => clock.withReadings(sampleOf(board, timeNs, [reading])).readings);
  expect(first?.map(({ sensor: { metric }, value }) => [metric.name, value])).toEqual([
    ['hw.power', 12.5],
    ['benchlab.agent.clock.offset', -2e-6],
    ['benchlab.agent.clock.uncertainty', 5e-6],
  ]);
  expect(first?.[1]?.sensor.attributes).toEqual({ 'hw.id': board.id, 'benchlab.simulated': true });
  expect(second?.[1]?.sensor).toBe(first?.[1]?.sensor);
});

it('a running agent has an offset of 0 within its uncertainty as two gauges, which end when it is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-clock-'));
  const bus = new SampleBus({ path: join(folder, 'agent.sock') });
  const metrics = new SampleMetrics();
  const receiver = agentReceiver({ path: bus.path });
  const gauges = () =>
    metrics
      .collect(systemClock.nowNs())
      .filter(({ definition }) => definition.name.startsWith('benchlab.agent.clock.'))
      .map(({ points }) => points[0]?.value ?? Number.NaN);
  try {
    await bus.start();
    await receiver.start(metrics);
    await expect.poll(() => bus.readers).toBe(1);
    bus.sample(sampleOf(board, systemClock.nowNs(), [reading]));
    await expect.poll(() => gauges().length).toBe(2);
    const [offset = Number.NaN, uncertainty = Number.NaN] = gauges();
    expect(Math.abs(offset)).toBeLessThanOrEqual(uncertainty);
    expect(uncertainty).toBeGreaterThan(0);
    await bus.stop();
    await expect.poll(() => gauges()).toEqual([]);
  } finally {
    await receiver.stop();
    await bus.stop();
    rmSync(folder, { recursive: true });
  }
});
