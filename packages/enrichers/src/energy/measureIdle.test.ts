import { BenchlabError, OptionError, SampleHistory, type Source } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { measureIdle } from './measureIdle.ts';

const board: Source = { id: 'U1', name: 'board', simulated: true, boundary: 'dc_rails', attributes: {} };

/** A meter that shows 60 W with a ripple at 20 Hz, until its time is over. */
function bench(silentAfterMs = Number.POSITIVE_INFINITY) {
  const clock = new ManualClock(0);
  const history = new SampleHistory();
  const poll = () => {
    const timeNs = clock.nowNs();
    if (timeNs > silentAfterMs * 1e6) return;
    const system = 60 + Math.sin(timeNs);
    history.sample({ source: board, timeNs, uncertaintyNs: 0, readings: [], totals: { system } });
    clock.at(timeNs + 50e6, poll);
  };
  poll();
  return { clock, history };
}

test('the bench at rest has watts with an error and a source, once the sample after the period has come', async () => {
  const { clock, history } = bench();
  let isDone = false;
  const measured = measureIdle(history, { seconds: 2, clock }).then((idle) => {
    isDone = true;
    return idle;
  });

  await clock.advanceMs(1990);
  expect(isDone).toBe(false);
  await clock.advanceMs(20);

  const idle = await measured;
  expect(idle.watts.system).toBeCloseTo(60, 0);
  expect(idle.roles.system?.stderr).toBeGreaterThan(0);
  expect(idle.source).toBe('measured for 2 s');
  expect(idle.text).toMatch(/^system (59|60)\.[0-9]+ W ± 0\.[0-9]+ W, simulated$/);
  expect(clock.pending).toBe(1); // the poll alone
});

test('without samples it rejects with what to check, also when they end early', async () => {
  for (const { clock, history } of [bench(-1), bench(900)]) {
    const measured = measureIdle(history, { seconds: 2, clock }).catch((error: unknown) => error);
    await clock.advanceMs(4000);

    const error = await measured;
    expect(error).toBeInstanceOf(BenchlabError);
    expect(error).toMatchObject({
      code: 'NO_REPLY',
      message: expect.stringContaining('Check that its meter is being read'),
    });
    expect(clock.pending).toBe(0);
  }
});

test.each([0, 0.5, 601, Number.NaN, '10'])('refuses %s seconds', async (seconds) => {
  await expect(measureIdle(new SampleHistory(), { seconds: seconds as number })).rejects.toThrow('seconds is');
});

test('refuses a value that is not a history', async () => {
  await expect(measureIdle({} as SampleHistory, { seconds: 2 })).rejects.toBeInstanceOf(OptionError);
});
