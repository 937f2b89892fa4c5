import type { StageEvent } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, it } from 'vitest';
import { emulatedStages } from './emulatedStages.ts';

async function eventsOf(seconds: number, framesPerSecond?: number): Promise<readonly StageEvent[]> {
  const clock = new ManualClock();
  const events: StageEvent[] = [];
  const stages = emulatedStages({ stages: ['in', 'out'], clock, ...(framesPerSecond && { framesPerSecond }) });
  await stages.start({ stage: (event) => events.push(event) });
  await clock.advanceMs(seconds * 1000);
  await stages.stop();
  expect(clock.pending).toBe(0);
  return events;
}

it('brings frames at both stages, marked, with a latency of milliseconds and the same drops each time', async () => {
  const events = await eventsOf(20);
  const times = (stage: string) =>
    new Map(events.filter((event) => event.stage === stage).map(({ frameId, timeNs }) => [frameId, timeNs]));
  const [from, to] = [times('in'), times('out')];

  expect(from.size).toBeGreaterThan(590);
  expect(from.size - to.size).toBe(2);
  expect(events.every(({ simulated }) => simulated === true)).toBe(true);
  for (const [frame, timeNs] of to) {
    const latencyMs = (timeNs - (from.get(frame) ?? Number.NaN)) / 1e6;
    expect(latencyMs).toBeGreaterThan(6);
    expect(latencyMs).toBeLessThan(25);
  }
  expect(await eventsOf(20)).toEqual(events);
});

it('is started once at a time, and has a rate within bounds', async () => {
  const stages = emulatedStages({ stages: ['in', 'out'], clock: new ManualClock() });
  const consumer = { stage: () => undefined };
  await stages.start(consumer);
  await expect(stages.start(consumer)).rejects.toThrow('emulated');
  await stages.stop();
  expect(() => emulatedStages({ stages: ['in', 'out'], framesPerSecond: 0 })).toThrow('framesPerSecond');
});
