import { CollectedSamples, ManualClock } from '@benchlab-otel/core/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ReceiverSet } from '../receiverSet.ts';
import { AgentHealth } from './agentHealth.ts';
import type { ServiceManager } from './serviceManager.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

async function agent() {
  const clock = new ManualClock();
  let move = (): void => undefined;
  const receivers = new ReceiverSet(
    [
      {
        key: 'nvml',
        name: 'nvml',
        options: {},
        create: () => ({
          name: 'nvml',
          async start(consumer) {
            move = () => consumer.polled?.({ receiver: 'nvml', outcome: 'failure', durationNs: 1, missed: 0 });
          },
          stop: async () => undefined,
        }),
      },
    ],
    clock,
  );
  await receivers.start(new CollectedSamples());
  const sent: string[] = [];
  const manager: ServiceManager = {
    ready: () => undefined,
    reloading: () => undefined,
    stopping: () => undefined,
    alive: () => sent.push('alive'),
    watchdogMs: 60_000,
    close: () => undefined,
  };
  return { clock, health: new AgentHealth(receivers, clock), manager, sent, move: () => move() };
}

it('is ready while it runs, and not before or after', async () => {
  const { health } = await agent();

  expect(health.ready()).toBe('The agent starts.');
  health.runs(undefined, () => undefined);
  expect(health.ready()).toBeUndefined();
  health.ends();
  expect(health.ready()).toBe('The agent ends.');
  expect(health.live()).toBeUndefined();
});

it('feeds the watchdog at half of its time while receivers move, and not while one hangs', async () => {
  const { clock, health, manager, sent, move } = await agent();
  const troubles: string[] = [];
  health.runs(manager, (why) => troubles.push(why));

  await clock.advanceMs(100_000);
  vi.advanceTimersByTime(60_000);
  expect([sent.length, troubles]).toEqual([2, []]);
  // A call into a driver that does not return: no sample, and no poll that failed.
  await clock.advanceMs(60_000);
  vi.advanceTimersByTime(30_000);
  expect([sent.length, troubles]).toEqual([2, ['Receivers brought nothing: nvml for 160 s.']]);
  expect(health.ready()).toBe('Receivers brought nothing: nvml for 160 s.');
  // It is never for ever: a poll, also one that failed, is a sign of life.
  move();
  vi.advanceTimersByTime(30_000);
  expect([sent.length, health.ready()]).toEqual([3, undefined]);
  health.ends();
  vi.advanceTimersByTime(300_000);
  expect(sent).toHaveLength(3);
});
