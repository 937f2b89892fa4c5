import { metric, type Sample, type Sensor, type Source } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { NumberedReader, SampleNumbers } from './numberedSamples.ts';

const sourceOf = (id: string): Source => ({ id, name: id, simulated: false, attributes: { 'hw.type': 'sensor_chip' } });
const sensorOf = (id: string): Sensor => ({ metric: metric.hwTemperature, attributes: { 'hw.id': id } });
const sampleOf = (source: Source, ...sensors: Sensor[]): Sample => ({
  source,
  timeNs: 5,
  uncertaintyNs: 1,
  readings: sensors.map((sensor, value) => ({ sensor, value })),
});

/** Both ends, with the copy that a message between threads is. */
function pair() {
  const [numbers, reader] = [new SampleNumbers(), new NumberedReader()];
  const messages: ReturnType<SampleNumbers['encode']>[] = [];
  const pass = (samples: readonly Sample[], lost: readonly Source[] = []) => {
    const message = structuredClone(numbers.encode(samples, lost));
    messages.push(message);
    return reader.decode(message);
  };
  return { pass, messages };
}

test('a sample comes out as it went in, and its sources and sensors are the same objects each time', () => {
  const { pass, messages } = pair();
  const sensor: Sensor = { metric: metric.hwPower, energyMetric: metric.hwEnergy, attributes: { 'hw.id': 'a/power1' } };
  const sample = { ...sampleOf(sourceOf('a'), sensor, sensorOf('a/temp1')), totals: { cpu: 7 } };
  const [first, second] = [pass([sample]).samples[0], pass([sample]).samples[0]];
  expect(first).toEqual(sample);
  expect(second?.source).toBe(first?.source);
  expect(second?.readings.map((reading) => reading.sensor)).toEqual(first?.readings.map((reading) => reading.sensor));
  expect(second?.readings[0]?.sensor).toBe(first?.readings[0]?.sensor);
  expect(first?.readings[0]?.sensor.metric).toBe(metric.hwPower);
  expect([messages[1]?.sources, messages[1]?.sensors]).toEqual([[], []]);
});

test('a source that is lost is the object that its samples had', () => {
  const { pass } = pair();
  const source = sourceOf('a');
  const { samples } = pass([sampleOf(source, sensorOf('a/temp1'))]);
  expect(pass([], [source]).lost[0]).toBe(samples[0]?.source);
});

test('sensors that come and go are forgotten in both threads; a source that stays keeps its object and its number', () => {
  const { pass, messages } = pair();
  const [stays, sensor] = [sourceOf('stays'), sensorOf('stays/temp1')];
  const first = pass([sampleOf(stays, sensor)]).samples[0];
  let latest = first;
  for (let poll = 0; poll < 100; poll++) {
    const others = Array.from({ length: 500 }, (_, n) => sensorOf(`goes${poll}/temp${n}`));
    [latest] = pass([sampleOf(stays, sensor), sampleOf(sourceOf(`goes${poll}`), ...others)]).samples;
  }
  expect(latest?.source).toBe(first?.source);
  expect(latest?.readings[0]?.sensor).toBe(first?.readings[0]?.sensor);
  const announced = messages.reduce((sum, { sources, sensors }) => sum + sources.length + sensors.length, 0);
  const forgotten = messages.reduce((sum, each) => sum + each.forgotten.length, 0);
  expect(announced).toBe(2 + 100 * 501);
  expect(announced - forgotten).toBeLessThan(3 * 8192);
});

test('a number that was never announced is an error, not a wrong sensor', () => {
  const message = { forgotten: [], sources: [], sensors: [], samples: [], lost: [3] };
  expect(() => new NumberedReader().decode(message)).toThrow('not announced');
});
