import type { Clock } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { waitForQuiet } from './quiet.ts';

/** Time that passes when the test calls `passMs`. */
function manualClock() {
  let nowNs = 0;
  let tasks: { atNs: number; task: () => void }[] = [];
  const clock: Clock = {
    nowNs: () => nowNs,
    anchor: () => ({ timeNs: nowNs, epochNs: 0n, uncertaintyNs: 0 }),
    at(atNs, task) {
      const entry = { atNs, task };
      tasks.push(entry);
      return () => {
        tasks = tasks.filter((one) => one !== entry);
      };
    },
  };
  const passMs = (ms: number) => {
    const endNs = nowNs + ms * 1e6;
    for (;;) {
      const next = tasks.filter(({ atNs }) => atNs <= endNs).sort((a, b) => a.atNs - b.atNs)[0];
      if (next === undefined) break;
      tasks = tasks.filter((one) => one !== next);
      nowNs = Math.max(nowNs, next.atNs);
      next.task();
    }
    nowNs = endNs;
  };
  return { clock, passMs };
}

it('is quiet once nothing came for the quiet time', async () => {
  const { clock, passMs } = manualClock();
  let done: boolean | undefined;
  const waiting = waitForQuiet({ clock, lastActivityNs: () => 0, quietMs: 150, timeoutMs: 5000 }).then((quiet) => {
    done = quiet;
  });

  passMs(149);
  await Promise.resolve();
  expect(done).toBeUndefined();
  passMs(1);
  await waiting;

  expect(done).toBe(true);
});

it('waits again after each sign of life', async () => {
  const { clock, passMs } = manualClock();
  let lastActivityNs = 0;
  const waiting = waitForQuiet({ clock, lastActivityNs: () => lastActivityNs, quietMs: 150, timeoutMs: 5000 });

  passMs(100);
  lastActivityNs = clock.nowNs();
  passMs(200);

  expect(await waiting).toBe(true);
  expect(clock.nowNs()).toBe(300e6);
});

it('gives up after its time when it never gets quiet', async () => {
  const { clock, passMs } = manualClock();
  const waiting = waitForQuiet({ clock, lastActivityNs: () => clock.nowNs(), quietMs: 150, timeoutMs: 1000 });

  passMs(1500);

  expect(await waiting).toBe(false);
});
