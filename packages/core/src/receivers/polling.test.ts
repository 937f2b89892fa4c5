import { expect, test } from 'vitest';
import type { PollReport } from '../contracts/receiver.ts';
import { BenchlabError } from '../errors/benchlabError.ts';
import { ManualClock } from '../testing/manualClock.ts';
import { type PollingOptions, type PollResult, startPolling } from './polling.ts';

const startNs = 1e9;
const success: PollResult = { outcome: 'success' };

function setup(poll: PollingOptions['poll'], more: Partial<PollingOptions> = {}) {
  const clock = new ManualClock(startNs);
  const reports: PollReport[] = [];
  const starts: number[] = [];
  const polling = startPolling({
    receiver: 'bench',
    clock,
    intervalNs: 50e6,
    timeoutNs: 500e6,
    poll: (signal) => {
      starts.push((clock.nowNs() - startNs) / 1e6);
      return poll(signal);
    },
    report: (report) => reports.push(report),
    ...more,
  });
  const sleep = (ms: number) =>
    new Promise<PollResult>((resolve) => clock.at(clock.nowNs() + ms * 1e6, () => resolve(success)));
  return { clock, reports, starts, polling, sleep };
}

test('the first poll is at once and the others are on multiples of the interval', async () => {
  const { clock, starts, polling } = setup(async () => success);
  await clock.advanceMs(160);
  expect(starts).toEqual([0, 50, 100, 150]);
  await polling.stop();
});

test('a poll that takes a while does not shift the deadlines', async () => {
  const { clock, starts, reports, polling, sleep } = setup(() => sleep(20));
  await clock.advanceMs(130);
  expect(starts).toEqual([0, 50, 100]);
  expect(reports[0]).toEqual({ receiver: 'bench', outcome: 'success', durationNs: 20e6, missed: 0 });
  await polling.stop();
});

test('deadlines that pass while a poll runs are skipped and counted, and polls never overlap', async () => {
  let running = 0;
  const { clock, starts, reports, polling, sleep } = setup(async () => {
    expect(++running).toBe(1);
    await sleep(120);
    running--;
    return success;
  });
  await clock.advanceMs(310);
  expect(starts).toEqual([0, 150, 300]);
  expect(reports.map((report) => report.missed)).toEqual([2, 2]);
  const stopped = polling.stop();
  await clock.advanceMs(200);
  await stopped;
});

test('a poll that ends exactly on the next deadline misses none', async () => {
  const { clock, starts, reports, polling, sleep } = setup(() => sleep(50));
  await clock.advanceMs(120);
  expect(starts).toEqual([0, 50, 100]);
  expect(reports.map((report) => report.missed)).toEqual([0, 0]);
  const stopped = polling.stop();
  await clock.advanceMs(50);
  await stopped;
});

test('a blocked event loop is made up for by skipping, not by a burst', async () => {
  const { clock, starts, reports, polling } = setup(async () => success);
  await clock.advanceMs(10);
  clock.jumpMs(225);
  await clock.advanceMs(70);
  expect(starts).toEqual([0, 235, 250, 300]);
  expect(reports.map((report) => report.missed)).toEqual([0, 3, 0, 0]);
  await polling.stop();
});

test('a poll beyond the timeout is reported as failed, aborted, and not overtaken', async () => {
  const { clock, starts, reports, polling } = setup(
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(success))),
  );
  await clock.advanceMs(520);
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({ outcome: 'failure', durationNs: 500e6, missed: 9, error: { code: 'TIMEOUT' } });
  expect(starts).toEqual([0, 500]);
  await polling.stop();
});

test('a poll that throws is a failure and the loop continues', async () => {
  const lost = new BenchlabError('NO_REPLY', 'No reply.', 'Check the cable.');
  const { clock, reports, polling } = setup(async () => {
    throw reports.length === 0 ? lost : new Error('bug');
  });
  await clock.advanceMs(60);
  expect(reports.map((report) => [report.outcome, report.error?.code])).toEqual([
    ['failure', 'NO_REPLY'],
    ['failure', 'UNSUPPORTED'],
  ]);
  await polling.stop();
});

test('a consumer that throws does not end the loop', async () => {
  const { clock, starts, polling } = setup(async () => success, {
    report: () => {
      throw new Error('not my problem');
    },
  });
  await clock.advanceMs(60);
  expect(starts).toEqual([0, 50]);
  await polling.stop();
});

test('the interval doubles while there is nothing to read, within its bound, and falls back after a success', async () => {
  let outcome: PollResult['outcome'] = 'no_data';
  const { clock, starts, polling } = setup(async () => ({ outcome }), { maxIntervalNs: 200e6 });
  await clock.advanceMs(750);
  expect(starts).toEqual([0, 100, 300, 500, 700]);
  outcome = 'success';
  await clock.advanceMs(210);
  expect(starts.slice(5)).toEqual([900, 950]);
  await polling.stop();
});

test('a silent poll is not reported', async () => {
  const { clock, reports, starts, polling } = setup(async () => ({ outcome: 'silent' }));
  await clock.advanceMs(60);
  expect(starts).toHaveLength(2);
  expect(reports).toHaveLength(0);
  await polling.stop();
});

test('stop waits for the running poll, reports nothing more, leaves no timer, and may be called twice', async () => {
  const { clock, reports, starts, polling, sleep } = setup(() => sleep(20));
  await clock.advanceMs(10);
  const stops = Promise.all([polling.stop(), polling.stop()]);
  await clock.advanceMs(500);
  await stops;
  expect(starts).toEqual([0]);
  expect(reports).toHaveLength(0);
  expect(clock.pending).toBe(0);
});
