import { expect, test } from 'vitest';
import { ManualClock } from './manualClock.ts';

test('tasks run at their time and in the order of their times', async () => {
  const clock = new ManualClock(0);
  const ran: string[] = [];
  clock.at(20e6, () => ran.push(`b at ${clock.nowNs()}`));
  clock.at(10e6, () => ran.push(`a at ${clock.nowNs()}`));
  await clock.advanceMs(15);
  expect(ran).toEqual(['a at 10000000']);
  await clock.advanceMs(15);
  expect(ran).toEqual(['a at 10000000', 'b at 20000000']);
  expect(clock.nowNs()).toBe(30e6);
});

test('a task that schedules another within the advance runs it too, after promises settled', async () => {
  const clock = new ManualClock(0);
  let calls = 0;
  const again = async () => {
    calls++;
    await Promise.resolve();
    clock.at(clock.nowNs() + 10e6, again);
  };
  clock.at(0, again);
  await clock.advanceMs(25);
  expect(calls).toBe(3);
});

test('a cancelled task never runs and is no longer pending', async () => {
  const clock = new ManualClock();
  const cancel = clock.at(clock.nowNs() + 1e6, () => expect.unreachable());
  cancel();
  cancel();
  await clock.advanceMs(5);
  expect(clock.pending).toBe(0);
});

test('a jump lets a task run late', async () => {
  const clock = new ManualClock(0);
  let ranNs = 0;
  clock.at(1e6, () => {
    ranNs = clock.nowNs();
  });
  clock.jumpMs(100);
  await clock.advanceMs(0);
  expect(ranNs).toBe(100e6);
});

test('the anchor ties the monotonic to the wall clock and moves with it', async () => {
  const clock = new ManualClock(0, 1_000n);
  await clock.advanceMs(1);
  expect(clock.anchor()).toEqual({ timeNs: 1e6, epochNs: 1_001_000n, uncertaintyNs: 0 });
});
