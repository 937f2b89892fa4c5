import { describe, expect, it } from 'vitest';
import * as registry from '../registry/metrics.ts';
import { board, power, second, setUp, voltage } from './sampleMetrics.suite.ts';

describe('energy', () => {
  it('is the trapezoid between readings, from zero at the first', () => {
    const { sample, points, values } = setUp();
    const [source, eps] = [board(), power('EPS1')];
    sample(5, source, [eps, 100]);
    expect(points(registry.hwEnergy)).toEqual([{ attributes: eps.attributes, value: 0, startTimeNs: 5 * second }]);
    sample(5.5, source, [eps, 200]);
    sample(6, source, [eps, 100]);
    expect(values(registry.hwEnergy)).toEqual([150]);
    expect(values(registry.benchlabSampleGap)).toEqual([0]);
  });

  it('a gap adds no energy and is counted in seconds, once for all sensors of the source', () => {
    const { sample, values } = setUp();
    const [source, eps, atx] = [board(), power('EPS1'), power('ATX12V')];
    for (const time of [0, 0.1, 0.2, 0.3]) sample(time, source, [eps, 10], [atx, 20]);
    sample(60.3, source, [eps, 10], [atx, 20]);
    sample(60.4, source, [eps, 10], [atx, 20]);
    const [epsJoules, atxJoules] = values(registry.hwEnergy);
    expect(epsJoules).toBeCloseTo(4, 9);
    expect(atxJoules).toBeCloseTo(8, 9);
    expect(values(registry.benchlabSampleGap)[0]).toBeCloseTo(60, 9);
  });

  it('a slow source has no gap: four of its own periods are allowed', () => {
    const { sample, values } = setUp();
    const [source, eps] = [board(), power('EPS1')];
    for (const time of [0, 5, 10, 15]) sample(time, source, [eps, 10]);
    // The first interval comes before a period is known, and is longer than a second.
    expect(values(registry.hwEnergy)).toEqual([100]);
    expect(values(registry.benchlabSampleGap)).toEqual([5]);
    sample(29, source, [eps, 10]);
    expect(values(registry.hwEnergy)).toEqual([240]);
    sample(50, source, [eps, 10]);
    expect(values(registry.hwEnergy)).toEqual([240]);
  });

  it('a reading that is missing from one sample is bridged, and is a gap when missing for long', () => {
    const { sample, values } = setUp();
    const [source, eps, atx] = [board(), power('EPS1'), voltage('ATX12V')];
    sample(0, source, [eps, 10], [atx, 12]);
    sample(0.5, source, [atx, 12]);
    sample(1, source, [eps, 10], [atx, 12]);
    expect(values(registry.hwEnergy)).toEqual([10]);
    for (const time of [1.5, 2, 2.5, 3]) sample(time, source, [atx, 12]);
    sample(3.5, source, [eps, 10], [atx, 12]);
    expect(values(registry.hwEnergy)).toEqual([10]);
    expect(values(registry.benchlabSampleGap)).toEqual([2.5]);
  });

  it('below zero is counted apart, so that the counter never falls and nothing is hidden', () => {
    const { sample, values } = setUp();
    const [source, eps] = [board(), power('EPS1')];
    sample(0, source, [eps, 2]);
    sample(1, source, [eps, 0]);
    sample(2, source, [eps, -2]);
    sample(3, source, [eps, -2]);
    expect(values(registry.hwEnergy)).toEqual([1]);
    expect(values(registry.benchlabEnergyNegative)).toEqual([3]);
  });

  it('a second sample of the same instant, or of an earlier one, adds nothing', () => {
    const { sample, values } = setUp();
    const [source, eps] = [board(), power('EPS1')];
    sample(1, source, [eps, 10]);
    sample(2, source, [eps, 10]);
    sample(2, source, [eps, 500]);
    sample(1.5, source, [eps, 500]);
    sample(3, source, [eps, 10]);
    expect(values(registry.hwEnergy)).toEqual([20]);
    expect(values(registry.benchlabSampleGap)).toEqual([0]);
  });

  it('goes on when the source comes back as a new connection; the time away is a gap even when short', () => {
    const { sample, lose, points, values } = setUp();
    const [first, second] = [power('EPS1'), power('EPS1')];
    sample(0, board(), [first, 10]);
    sample(0.5, board(), [first, 10]); // A new Source object without a loss is a new connection, too.
    expect(values(registry.hwEnergy)).toEqual([0]);
    const source = board();
    sample(1, source, [first, 10]);
    sample(1.5, source, [first, 10]);
    lose(1.6, source);
    expect(values(registry.hwEnergy)).toEqual([5]);
    const again = board();
    sample(2, again, [second, 10]);
    sample(2.5, again, [second, 10]);
    expect(points(registry.hwEnergy)).toEqual([{ attributes: first.attributes, value: 10, startTimeNs: 0 }]);
    expect(points(registry.hwEnergy)[0]?.attributes).toBe(first.attributes);
    // Three connections began: 0.5 s each are unknown.
    expect(values(registry.benchlabSampleGap)).toEqual([1.5]);
  });
});

it('the time that a lost source was away is a gap, also of one that measures no power', () => {
  const { sample, lose, values } = setUp();
  const [source, sensor] = [board(), voltage('EPS1')];
  sample(1, source, [sensor, 12]);
  lose(1.25, source);
  sample(1.5, source, [sensor, 12]);
  expect(values(registry.benchlabSampleGap)).toEqual([0.5]);
});

describe('a power that no host can have', () => {
  it('is left out and counted, and never becomes a joule', () => {
    const { sample, values, points } = setUp();
    const [source, rail] = [board(), power('EPS1')];
    for (const [n, watts] of [100, 100, 4_294_967_295, 100, 100].entries()) sample(n, source, [rail, watts]);

    expect(values(registry.hwPower)).toEqual([100]);
    expect(values(registry.hwEnergy)).toEqual([400]);
    expect(points(registry.benchlabReadingsRejected)).toMatchObject([
      { attributes: { 'hw.id': 'board-1', 'error.type': 'impossible_power' }, value: 1 },
    ]);
  });
});
