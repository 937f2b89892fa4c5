import { SampleHistory } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { simulatedBoard, span } from '../../../analysis/src/operations/example.suite.ts';
import { LiveEnergy } from './liveEnergy.ts';
import { MeterWatch } from './meterWatch.ts';

/** A bench that draws 100 W for ten seconds, sampled at 20 Hz. */
function steadyMeter() {
  const history = new SampleHistory();
  for (let timeMs = 0; timeMs <= 10_000; timeMs += 50) {
    history.sample({
      source: simulatedBoard,
      timeNs: timeMs * 1e6,
      uncertaintyNs: 0,
      readings: [],
      totals: { system: 100 },
    });
  }
  return { history, watch: new MeterWatch(20) };
}

it('gives each span once, when the spans that overlap it have had time to come', () => {
  const live = new LiveEnergy(steadyMeter());

  live.add([span('a', 1000, 2000)]);
  const early = live.settled(2500e6);
  const due = live.settled(3100e6);
  const again = live.settled(9000e6);

  expect([early.length, due.length, again.length]).toEqual([0, 1, 0]);
  expect(due[0]?.energy.roles.system?.joules).toBeCloseTo(100, 6);
});

it('shares the bench with spans that were measured before or still wait', () => {
  const live = new LiveEnergy(steadyMeter());

  live.add([span('early', 1000, 2000), span('late', 1000, 4000)]);
  const [early] = live.settled(3100e6);
  const [late] = live.settled(6000e6);

  expect(early?.energy.roles.system?.joules).toBeCloseTo(50, 6);
  expect(late?.energy.roles.system?.joules).toBeCloseTo(250, 6);
});

it('lets the oldest go when spans pile up', () => {
  const live = new LiveEnergy(steadyMeter());

  for (let n = 0; n < 5000; n++) live.add([span(`s${n}`, n, n + 1)]);

  expect(live.settled(10_000e6).length).toBeLessThanOrEqual(4096);
});
