import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../contracts/metricFamily.ts';
import type { PollReport } from '../contracts/receiver.ts';
import type { Sensor, Source } from '../contracts/sample.ts';
import { BenchlabError, type BenchlabErrorCode } from '../errors/benchlabError.ts';
import { OptionError } from '../errors/optionError.ts';
import type { MetricDefinition } from '../registry/definition.ts';
import * as registry from '../registry/metrics.ts';
import { SampleMetrics, type SampleMetricsOptions } from './sampleMetrics.ts';

const second = 1e9;
const manualClock = {
  nowNs: () => 0,
  anchor: () => ({ timeNs: 0, epochNs: 0n, uncertaintyNs: 0 }),
  at: () => () => {},
};

function setUp(options: SampleMetricsOptions = {}) {
  const metrics = new SampleMetrics({ clock: manualClock, ...options });
  const points = (definition: MetricDefinition, nowNs = 0): readonly MetricPoint[] =>
    metrics.collect(nowNs).find((family) => family.definition === definition)?.points ?? [];
  return {
    metrics,
    points,
    values: (definition: MetricDefinition, nowNs = 0) => points(definition, nowNs).map(({ value }) => value),
    /** Takes one sample at `seconds`. */
    sample(seconds: number, source: Source, ...readings: [Sensor, number][]) {
      metrics.sample({
        source,
        timeNs: seconds * second,
        uncertaintyNs: 0,
        readings: readings.map(([sensor, value]) => ({ sensor, value })),
      });
    },
    lose(seconds: number, source: Source) {
      metrics.lost({ source, timeNs: seconds * second, error: new BenchlabError('BOARD_LOST', 'Gone.', 'Wait.') });
    },
    /** The one `hw.state` whose series is 1. */
    state(nowSeconds = 0) {
      const current = points(registry.hwStatus, nowSeconds * second).filter(({ value }) => value === 1);
      return current.map(({ attributes }) => attributes['hw.state']).join();
    },
  };
}

const board = (id = 'board-1', simulated = false): Source => ({
  id,
  name: `BENCHLAB "${id}"`,
  simulated,
  boundary: 'dc_rails',
  attributes: {},
});
const voltage = (location: string): Sensor => ({
  metric: registry.hwVoltage,
  attributes: { 'hw.id': `board-1/${location}`, 'hw.sensor_location': location },
});
const power = (location: string): Sensor => ({
  metric: registry.hwPower,
  attributes: { 'hw.id': `board-1/${location}`, 'hw.type': 'power_rail' },
  energyMetric: registry.hwEnergy,
});

describe('gauges', () => {
  it('a gauge has the latest value, and the same attributes object at every collection', () => {
    const { sample, points } = setUp();
    const [source, sensor] = [board(), voltage('EPS1')];
    sample(1, source, [sensor, 12.1]);
    const [first] = points(registry.hwVoltage);
    sample(2, source, [sensor, 11.9]);
    const [second] = points(registry.hwVoltage);
    expect(first?.value).toBe(12.1);
    expect(second?.value).toBe(11.9);
    expect(second?.attributes).toBe(sensor.attributes);
    expect(first?.attributes).toBe(sensor.attributes);
  });

  it('a sensor that the latest sample has no reading for has no series, and has one again with its next reading', () => {
    const { sample, points, values } = setUp();
    const [source, eps, atx] = [board(), voltage('EPS1'), voltage('ATX12V')];
    sample(1, source, [eps, 12], [atx, 12]);
    sample(2, source, [atx, 11]);
    expect(points(registry.hwVoltage)).toEqual([{ attributes: atx.attributes, value: 11 }]);
    sample(3, source, [eps, 12.5], [atx, 11]);
    expect(values(registry.hwVoltage)).toEqual([12.5, 11]);
  });

  it('a lost source has no gauges until its next sample, and others keep theirs', () => {
    const { sample, lose, values } = setUp();
    const [one, two, sensor] = [board('board-1'), board('board-2'), voltage('EPS1')];
    const other: Sensor = { metric: registry.hwVoltage, attributes: { 'hw.id': 'board-2/EPS1' } };
    sample(1, one, [sensor, 12]);
    sample(1, two, [other, 5]);
    lose(2, one);
    expect(values(registry.hwVoltage)).toEqual([5]);
    sample(3, board('board-1'), [voltage('EPS1'), 12.2]);
    expect(values(registry.hwVoltage)).toEqual([12.2, 5]);
  });

  it('a value that is not a number is dropped: the series ends and the reading is counted as dropped', () => {
    const { sample, values } = setUp();
    const [source, sensor] = [board(), voltage('EPS1')];
    sample(1, source, [sensor, 12]);
    sample(2, source, [sensor, Number.NaN]);
    expect(values(registry.hwVoltage)).toEqual([]);
    expect(values(registry.benchlabSampleDropped)).toEqual([1]);
  });

  it("a device's own counter is passed on, ends with its readings, and starts again when it falls", () => {
    const { sample, points } = setUp();
    const [source, sensor] = [board(), { metric: registry.hwEnergy, attributes: { 'hw.id': 'gpu' } }];
    sample(1, source, [sensor, 500]);
    sample(2, source, [sensor, 510]);
    expect(points(registry.hwEnergy)).toEqual([{ attributes: sensor.attributes, value: 510, startTimeNs: second }]);
    sample(3, source, [sensor, 4]);
    expect(points(registry.hwEnergy)).toEqual([{ attributes: sensor.attributes, value: 4, startTimeNs: 3 * second }]);
    sample(4, source);
    expect(points(registry.hwEnergy)).toEqual([]);
  });
});

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

  it('a slow source is no gap: four of its own periods are allowed', () => {
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

describe('status and age', () => {
  it('is ok while samples come, degraded when they stop, failed when the source is lost, ok when it is back', () => {
    const { sample, lose, state, points } = setUp();
    const [source, sensor] = [board(), voltage('EPS1')];
    sample(1, source, [sensor, 12]);
    expect(state(1)).toBe('ok');
    sample(1.1, source, [sensor, 12]);
    expect(state(1.5)).toBe('ok');
    expect(state(1.7)).toBe('degraded');
    lose(3, source);
    expect(state(3)).toBe('failed');
    expect(points(registry.hwStatus)).toHaveLength(3);
    sample(4, board(), [voltage('EPS1'), 12]);
    expect(state(4)).toBe('ok');
  });

  it('a late word on an old connection does not end the new one', () => {
    const { sample, lose, state } = setUp();
    const [old, current] = [board(), board()];
    sample(1, old, [voltage('EPS1'), 12]);
    sample(3, current, [voltage('EPS1'), 12]);
    lose(2, old);
    expect(state(3)).toBe('ok');
  });

  it('a source that was lost before its first sample has a status and no age', () => {
    const { lose, state, values } = setUp();
    lose(1, board());
    lose(2, board());
    expect(state(2)).toBe('failed');
    expect(values(registry.benchlabSampleAge, 2 * second)).toEqual([]);
  });

  it('the age of the latest sample grows until the next one', () => {
    const { sample, lose, values } = setUp();
    const source = board();
    sample(10, source, [voltage('EPS1'), 12]);
    expect(values(registry.benchlabSampleAge, 10.25 * second)).toEqual([0.25]);
    lose(11, source);
    expect(values(registry.benchlabSampleAge, 20 * second)).toEqual([10]);
    expect(values(registry.benchlabSampleAge, 9 * second)).toEqual([0]);
  });

  it('says what kind of device it is: its own word, its boundary, or just a device', () => {
    const { sample, points } = setUp();
    sample(1, board('a'));
    sample(1, { ...board('b'), boundary: 'gpu_board' });
    sample(1, { ...board('c'), boundary: 'cpu_package' });
    sample(1, { ...board('d'), attributes: { 'hw.type': 'enclosure' } });
    sample(1, { id: 'e', name: 'e', simulated: false, attributes: {} });
    const types = points(registry.hwStatus).map(({ attributes }) => attributes['hw.type']);
    expect([...new Set(types)]).toEqual(['power_meter', 'gpu', 'cpu', 'enclosure', 'device']);
  });

  it('a device has only attributes that the definition of its health names', () => {
    const { sample, points } = setUp();
    sample(1, board('emulated', true));
    for (const { attributes } of points(registry.hwStatus)) {
      expect(registry.hwStatus.attributes).toEqual(expect.arrayContaining(Object.keys(attributes)));
    }
    expect(points(registry.hwStatus)).toHaveLength(3);
  });

  it('what comes from emulated hardware says so, and nothing else does', () => {
    const { sample, points } = setUp();
    sample(1, board('real'));
    sample(1, board('emulated', true));
    for (const definition of [registry.hwStatus, registry.benchlabSampleAge, registry.benchlabSampleGap]) {
      for (const { attributes } of points(definition, second)) {
        expect(attributes['benchlab.simulated']).toBe(attributes['hw.id'] === 'emulated' ? true : undefined);
      }
    }
  });
});

describe('receivers', () => {
  it('counts polls by outcome, and those missed, and has the latest duration', () => {
    const { metrics, points, values } = setUp();
    metrics.polled({ receiver: 'benchlab', outcome: 'success', durationNs: 2e6, missed: 0 });
    metrics.polled({ receiver: 'benchlab', outcome: 'failure', durationNs: 5e6, missed: 3 });
    const polls = points(registry.benchlabReceiverPolls);
    expect(polls.map(({ attributes, value }) => [attributes['benchlab.poll.outcome'], value])).toEqual([
      ['success', 1],
      ['partial', 0],
      ['failure', 1],
      ['no_data', 0],
    ]);
    expect(values(registry.benchlabReceiverMissed)).toEqual([3]);
    expect(values(registry.benchlabReceiverDuration)).toEqual([0.005]);
  });

  it('counts what brought less than all by the kind of the trouble, and nothing else', () => {
    const { metrics, points } = setUp();
    const error = (code: BenchlabErrorCode) => new BenchlabError(code, 'What.', 'Fix.');
    const polled = (outcome: PollReport['outcome'], code?: BenchlabErrorCode) =>
      metrics.polled({ receiver: 'r', outcome, durationNs: 1, missed: 0, ...(code && { error: error(code) }) });
    polled('success');
    polled('failure', 'NO_REPLY');
    polled('failure', 'NO_REPLY');
    polled('partial', 'BAD_REPLY');
    polled('no_data', 'NO_DEVICE');
    expect(
      points(registry.benchlabReceiverFailures).map(({ attributes, value }) => [attributes['error.type'], value]),
    ).toEqual([
      ['NO_REPLY', 2],
      ['BAD_REPLY', 1],
    ]);
  });

  it('no more than 64 receivers are kept, and the rest counted as dropped', () => {
    const { metrics, values } = setUp();
    for (let i = 0; i < 66; i += 1) {
      metrics.polled({ receiver: `r${i}`, outcome: 'success', durationNs: 1, missed: 0 });
    }
    expect(values(registry.benchlabReceiverDuration)).toHaveLength(64);
    expect(values(registry.benchlabSampleDropped)).toEqual([2]);
  });
});

describe('bounds', () => {
  it('readings of a source too many are dropped and counted, until a lost source makes room', () => {
    const { sample, lose, points, values } = setUp({ maxSources: 1 });
    const one = board('one');
    sample(1, one, [voltage('EPS1'), 12]);
    sample(1, board('two'), [voltage('EPS1'), 5], [voltage('ATX12V'), 5]);
    expect(values(registry.hwVoltage)).toEqual([12]);
    expect(values(registry.benchlabSampleDropped)).toEqual([2]);
    lose(2, one);
    sample(3, board('two'), [voltage('EPS1'), 5]);
    expect(values(registry.hwVoltage)).toEqual([5]);
    expect(points(registry.hwStatus).every(({ attributes }) => attributes['hw.id'] === 'two')).toBe(true);
  });

  it('a receiver that makes new sensors for every sample runs into the bound and is counted', () => {
    const { sample, values } = setUp({ maxSensors: 4 });
    const source = board();
    for (let i = 0; i < 10; i += 1) sample(i, source, [{ ...voltage(`S${i}`) }, i]);
    expect(values(registry.hwVoltage)).toEqual([]);
    expect(values(registry.benchlabSampleDropped)).toEqual([6]);
  });

  it('series of earlier connections make room for those of the new one', () => {
    const { sample, values } = setUp({ maxSensors: 2 });
    sample(1, board(), [voltage('A'), 1], [voltage('B'), 2]);
    sample(2, board(), [voltage('C'), 3], [voltage('D'), 4]);
    expect(values(registry.hwVoltage)).toEqual([3, 4]);
    expect(values(registry.benchlabSampleDropped)).toEqual([0]);
  });

  it('two sensors that would be one series are not: the second is dropped and counted', () => {
    const { sample, values } = setUp();
    sample(1, board(), [voltage('A'), 1], [voltage('A'), 2]);
    expect(values(registry.hwVoltage)).toEqual([1]);
    expect(values(registry.benchlabSampleDropped)).toEqual([1]);
  });

  it('a sensor that claims to be a histogram is dropped and counted', () => {
    const { sample, points, values } = setUp();
    sample(1, board(), [{ metric: registry.benchlabOperationEnergy, attributes: {} }, 1]);
    expect(points(registry.benchlabOperationEnergy)).toEqual([]);
    expect(values(registry.benchlabSampleDropped)).toEqual([1]);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %s as a bound', (bound) => {
    expect(() => new SampleMetrics({ maxSources: bound })).toThrow(OptionError);
    expect(() => new SampleMetrics({ maxSensors: bound })).toThrow(/maxSensors/);
  });
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
