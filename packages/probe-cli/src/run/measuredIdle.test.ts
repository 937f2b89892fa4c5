import { SampleHistory } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, it } from 'vitest';
import { simulatedBoard } from '../../../analysis/src/operations/example.suite.ts';
import { measuredIdle } from './measuredIdle.ts';

it('shows that a long measurement goes on, and leaves no timer', async () => {
  const clock = new ManualClock(0);
  const history = new SampleHistory();
  for (let timeNs = 0; timeNs <= 26e9; timeNs += 50e6) {
    clock.at(timeNs, () =>
      history.sample({ source: simulatedBoard, timeNs, uncertaintyNs: 0, readings: [], totals: { system: 60 } }),
    );
  }
  let err = '';
  const terminal = {
    err(text: string) {
      err += text;
    },
  };

  const measured = measuredIdle({ history }, 25, { terminal, clock });
  await clock.advanceMs(27_000);

  expect((await measured).source).toBe('measured for 25 s before the program');
  expect(err.replaceAll('benchlab-probe: ', '')).toMatch(
    /^measuring the bench at rest for 25 s, before the program starts\n15 s left\n5 s left\nat rest: system 60\.0+ W ± \S+ W, simulated\n$/,
  );
  expect(clock.pending).toBe(0);
});
