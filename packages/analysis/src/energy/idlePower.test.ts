import { SampleHistory, type Source } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { seededRandom } from '../random/random.ts';
import { idleHalfWidth, idlePower } from './idlePower.ts';

const board: Source = { id: 'U1', name: 'board', simulated: false, boundary: 'dc_rails', attributes: {} };

function sampled(power: (ms: number) => number, fromMs: number, untilMs: number): SampleHistory {
  const history = new SampleHistory();
  for (let ms = fromMs; ms <= untilMs; ms += 50) {
    const totals = { system: power(ms), cpu: power(ms) / 2 };
    history.sample({ source: board, timeNs: ms * 1e6, uncertaintyNs: 0, readings: [], totals });
  }
  return history;
}

test('the power at rest is the mean between two instants, by role, and its error is never 0', () => {
  const { seconds, roles } = idlePower(
    sampled((ms) => (ms < 1000 ? 500 : 60), 0, 20_000),
    2e9,
    12e9,
  );

  expect(seconds).toBe(10);
  expect(roles.system).toMatchObject({ watts: 60, degreesOfFreedom: 9, samples: 201, source: board });
  expect(roles.system?.stderr).toBeGreaterThan(0);
  expect(roles.cpu?.watts).toBe(30);
  expect(roles).not.toHaveProperty('gpu');
});

test('its interval holds the mean of power that wanders, not only that of independent noise', () => {
  let held = 0;
  const runs = 200;
  for (let run = 0; run < runs; run++) {
    const random = seededRandom(4100 + run);
    let wander = 3 * random.gauss();
    const history = sampled(
      () => {
        // Ornstein-Uhlenbeck with 0.2 s around 60 W.
        const kept = Math.exp(-0.05 / 0.2);
        wander = kept * wander + 3 * Math.sqrt(1 - kept * kept) * random.gauss();
        return 60 + wander;
      },
      0,
      10_000,
    );
    const system = idlePower(history, 0, 10e9).roles.system;
    if (system && Math.abs(system.watts - 60) <= idleHalfWidth(system)) held++;
  }

  expect(held / runs).toBeGreaterThanOrEqual(0.91);
});

test('a meter that was silent for a third of the time shows no rest', () => {
  expect(
    idlePower(
      sampled(() => 60, 0, 6000),
      0,
      10e9,
    ).roles,
  ).toEqual({});
  expect(idlePower(new SampleHistory(), 0, 10e9).roles).toEqual({});
});
