import { describe, expect, it } from 'vitest';
import type { Sensor } from '../contracts/sample.ts';
import { OptionError } from '../errors/optionError.ts';
import * as registry from '../registry/metrics.ts';
import { board, second, setUp, voltage } from './sampleMetrics.suite.ts';
import { SampleMetrics } from './sampleMetrics.ts';

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
