import {
  attribute,
  BenchlabError,
  type MetricDefinition,
  metric,
  type Reading,
  type Sample,
  type Sensor,
  type Source,
} from '@benchlab-otel/core';
import { CollectedSamples } from '@benchlab-otel/core/testing';
import type { EncodedLine } from '../samples/encodedLine.ts';
import { BusDecoder } from './decoder.ts';
import type { BusEncoder } from './encoder.ts';
import { busSchema, busVersion, type HelloMessage } from './protocol.ts';

const identity = { boot: 'a0000000-0000-0000-0000-000000000000', clock: 'time:[1]' };
export const hello: HelloMessage = { bus: busSchema, version: busVersion, pid: 7, ...identity, timeNs: 1e9 };
export const board: Source = {
  id: '53494D',
  name: 'BENCHLAB 2 "rig"',
  simulated: true,
  boundary: 'dc_rails',
  attributes: { [attribute.hwModel]: 'BENCHLAB 2', [attribute.simulated]: true },
};
export const lost = new BenchlabError('BOARD_LOST', 'The board is gone.', 'Plug it in.');

export function sensor(location: string, definition: MetricDefinition = metric.hwPower): Sensor {
  const attributes = { [attribute.hwId]: `53494D/${location}`, [attribute.simulated]: true };
  return definition === metric.hwPower
    ? { metric: definition, attributes, energyMetric: metric.hwEnergy }
    : { metric: definition, attributes };
}

export function sampleOf(source: Source, timeNs: number, readings: readonly Reading[]): Sample {
  return { source, timeNs, uncertaintyNs: 1500.5, readings, totals: { system: 100.25, cpu: 30 } };
}

export function bytesOf(lines: readonly EncodedLine[]): Buffer {
  return Buffer.concat(lines.map(({ bytes }) => bytes));
}

/** A reader of the bus, with what came of it. */
export function reader(): { decoder: BusDecoder; got: CollectedSamples; greeted: HelloMessage[] } {
  const got = new CollectedSamples();
  const greeted: HelloMessage[] = [];
  return {
    decoder: new BusDecoder({
      identity,
      nowNs: () => hello.timeNs,
      consumer: got,
      hello: (message) => greeted.push(message),
    }),
    got,
    greeted,
  };
}

/** What a sample contains, without the identity of its objects. */
export function contentsOf({ source, timeNs, uncertaintyNs, readings, totals }: Sample): unknown {
  return {
    source,
    timeNs,
    uncertaintyNs,
    readings: readings.map((reading) => [reading.sensor, reading.value]),
    totals,
  };
}

/** A conversation: a board with sensors that come one after the other, a loss, and the board again. */
export function conversation(encoder: BusEncoder): { lines: EncodedLine[]; samples: Sample[] } {
  const again = { ...board };
  const sensors = ['EPS1', 'EPS2', 'ATX12V'].map((location) => sensor(location));
  const samples = [0, 1, 2, 3, 4, 5].map((k) => {
    const readings = sensors.slice(0, 1 + (k % 3)).map((each, at) => ({ sensor: each, value: 1000 * k + at + 0.125 }));
    return sampleOf(k < 4 ? board : again, 2e9 + k * 5e7, readings);
  });
  const lines = [encoder.hello(hello)];
  for (const [k, sample] of samples.entries()) {
    if (k === 4) lines.push(...encoder.lost({ source: board, timeNs: 2.2e9, error: lost }));
    lines.push(...encoder.sample(sample));
    lines.push(...encoder.polled({ receiver: 'benchlab', outcome: 'success', durationNs: 1e6, missed: 0 }));
  }
  return { lines, samples };
}

/** A small generator of random numbers below 1 (mulberry32), so that a failure can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
