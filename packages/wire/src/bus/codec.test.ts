import { attribute, BenchlabError, type DeviceEvent, logEvents, metric, type Sample } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { maxNumberedLineBytes as maxLineBytes, maxSensors, maxSources } from '../samples/bounds.ts';
import {
  board,
  bytesOf,
  contentsOf,
  conversation,
  hello,
  lost,
  reader,
  sampleOf,
  seeded,
  sensor,
} from './busLines.suite.ts';
import { BusEncoder } from './encoder.ts';

const line = (message: object): Buffer => Buffer.from(`${JSON.stringify(message)}\n`);

function codeOf(task: () => void): string | undefined {
  try {
    task();
    return undefined;
  } catch (thrown) {
    return thrown instanceof BenchlabError ? thrown.code : `${thrown}`;
  }
}

/** A reader that has read `before`, and what the next message does to it. */
function after(...before: object[]) {
  const { decoder, got } = reader();
  decoder.push(line(hello));
  for (const message of before) decoder.push(line(message));
  return { decoder, got, next: (message: object) => codeOf(() => decoder.push(line(message))) };
}

const sourceLine = { kind: 'source', number: 1, id: 'A', name: 'a', simulated: false, attributes: {} };
const sensorLine = {
  kind: 'sensor',
  number: 2,
  source: 1,
  metric: 'hw.power',
  unit: 'W',
  instrument: 'gauge',
  attributes: {},
};
const sampleLine = { kind: 'sample', source: 1, timeNs: 5, uncertaintyNs: 1, readings: [2, 12.5] };

describe('what goes over the bus', () => {
  it('comes out as it went in, wherever the bytes were cut', () => {
    for (const size of [1, 7, 100, 1e6]) {
      const { decoder, got } = reader();
      const { lines, samples } = conversation(new BusEncoder());
      const bytes = bytesOf(lines);
      for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size));

      expect(got.samples.map(contentsOf)).toEqual(samples.map(contentsOf));
      expect(got.losses).toMatchObject([{ timeNs: 2.2e9, error: { code: 'BOARD_LOST', fix: 'Plug it in.' } }]);
      expect(got.losses[0]?.error.message).toBe(lost.message);
      expect(got.reports).toHaveLength(6);
    }
  });

  it('announces a sensor once and hands out one object for it, until its source is lost', () => {
    const encoder = new BusEncoder();
    const { decoder, got } = reader();
    const { lines } = conversation(encoder);
    decoder.push(bytesOf(lines));

    expect(lines.filter(({ bytes }) => bytes.includes('"kind":"sensor"'))).toHaveLength(3 + 3);
    const [first, second, , , fifth] = got.samples;
    expect(second?.readings[0]?.sensor).toBe(first?.readings[0]?.sensor);
    expect(second?.source).toBe(first?.source);
    expect(first?.readings[0]?.sensor.metric).toBe(metric.hwPower);
    expect(first?.readings[0]?.sensor.energyMetric).toBe(metric.hwEnergy);
    expect(fifth?.source).toEqual(first?.source);
    expect(fifth?.source).not.toBe(first?.source);
  });

  it('gives a late reader the live sources, and no others', () => {
    const encoder = new BusEncoder();
    conversation(encoder);
    const { decoder, got } = reader();
    decoder.push(bytesOf([encoder.hello(hello), ...encoder.announcements()]));

    expect(decoder.sources).toEqual([board]);
    expect(got.samples).toEqual([]);
  });

  it('keeps the mark of simulated hardware on readings and events, also when the agent left it out', () => {
    const simulated = { ...sourceLine, simulated: true };
    const event = { kind: 'event', source: 1, timeNs: 6, event: logEvents.benchlabFaultChange.name, attributes: {} };
    const { decoder, got } = after(simulated, sensorLine, sampleLine, event);

    expect(decoder.sources[0]).toMatchObject({ simulated: true, attributes: { [attribute.simulated]: true } });
    expect(got.samples[0]?.readings[0]?.sensor.attributes).toEqual({ [attribute.simulated]: true });
    expect(got.events[0]?.attributes).toEqual({ [attribute.simulated]: true });
  });

  it('carries events with their definition, after the sample that shows them', () => {
    const encoder = new BusEncoder();
    const { decoder, got } = reader();
    const definition = logEvents.benchlabFaultChange;
    const event: DeviceEvent = {
      source: board,
      timeNs: 3e9,
      definition,
      attributes: { [attribute.simulated]: true, a: [1, 2] },
    };
    const early = encoder.event(event);
    decoder.push(bytesOf([encoder.hello(hello), ...encoder.sample(sampleOf(board, 3e9, [])), ...encoder.event(event)]));

    expect(early).toEqual([]);
    expect(encoder.leftOut).toBe(1);
    expect(got.events).toEqual([event]);
    expect(got.events[0]?.definition).toBe(definition);
  });

  it('leaves out values that are not numbers, and counts them', () => {
    const encoder = new BusEncoder();
    const { decoder, got } = reader();
    const values = [Number.NaN, 1, Number.POSITIVE_INFINITY];
    const readings = values.map((value, k) => ({ sensor: sensor(`R${k}`), value }));
    decoder.push(bytesOf([encoder.hello(hello), ...encoder.sample(sampleOf(board, 1, readings))]));

    expect(got.samples[0]?.readings.map(({ value }) => value)).toEqual([1]);
    expect(encoder.leftOut).toBe(2);
  });

  it('announces a source again when its sensors come and go beyond the bound', () => {
    const encoder = new BusEncoder();
    const { decoder, got } = reader();
    decoder.push(bytesOf([encoder.hello(hello)]));
    for (let k = 0; k <= maxSensors; k++) {
      decoder.push(bytesOf(encoder.sample(sampleOf(board, k, [{ sensor: sensor(`R${k}`), value: k }]))));
    }

    expect(encoder.leftOut).toBe(0);
    expect(encoder.announcements()).toHaveLength(2);
    expect(got.samples.at(-1)?.readings[0]).toMatchObject({ value: maxSensors, sensor: sensor(`R${maxSensors}`) });
    expect(got.samples.at(-1)?.source).not.toBe(got.samples[0]?.source);
  });

  it('leaves out sensors, sources and lines beyond their bounds, and counts them', () => {
    const encoder = new BusEncoder();
    const many = Array.from({ length: maxSensors + 3 }, (_, k) => ({ sensor: sensor(`R${k}`), value: k }));
    encoder.sample(sampleOf(board, 1, many));
    expect(encoder.leftOut).toBe(3);
    for (let k = 1; k <= maxSources; k++) encoder.sample(sampleOf({ ...board, id: `${k}` }, 1, many.slice(0, 1)));
    expect(encoder.leftOut).toBe(4);
    const long = { metric: metric.hwPower, attributes: { a: 'x'.repeat(maxLineBytes) } };
    expect(
      encoder
        .sample(sampleOf({ ...board, id: '1' }, 2, [{ sensor: long, value: 1 }]))
        .at(-1)
        ?.bytes.toString(),
    ).toContain('"readings":[]');
  });
});

describe('a reader of the bus', () => {
  it.each([
    ['another program', { hello: 'world' }, 'BAD_REPLY'],
    ['another version', { ...hello, version: 2 }, 'UNSUPPORTED'],
    ['another host, or one before a restart', { ...hello, boot: 'b' }, 'UNSUPPORTED'],
    ['another time namespace', { ...hello, clock: 'time:[2]' }, 'UNSUPPORTED'],
    ['a clock that is an hour ahead', { ...hello, timeNs: hello.timeNs + 3600e9 }, 'UNSUPPORTED'],
    ['no process', { ...hello, pid: undefined }, 'BAD_REPLY'],
    ['samples before its first line', sampleLine, 'BAD_REPLY'],
  ])('refuses a bus of %s', (_, message, code) => {
    const { decoder, greeted } = reader();
    expect(codeOf(() => decoder.push(line(message)))).toBe(code);
    expect(greeted).toEqual([]);
  });

  it.each([
    ['a source without its mark of being simulated or not', [], { ...sourceLine, simulated: undefined }],
    ['a number that was given before', [sourceLine], { ...sourceLine, id: 'B' }],
    ['a sensor that was announced before', [sourceLine, sensorLine], sensorLine],
    ['a sensor of no source', [], sensorLine],
    ['a sample of no source', [], sampleLine],
    ['a sample of a source that was lost', [sourceLine, sensorLine, lostLine()], sampleLine],
    ['a sample of a source under its old number', [sourceLine, sensorLine, { ...sourceLine, number: 9 }], sampleLine],
    ['a reading of a sensor that was not announced', [sourceLine], sampleLine],
    ['a reading without a value', [sourceLine, sensorLine], { ...sampleLine, readings: [2] }],
    ['a reading that is not a number', [sourceLine, sensorLine], { ...sampleLine, readings: [2, '1'] }],
    ['a reading that is null', [sourceLine, sensorLine], { ...sampleLine, readings: [2, null] }],
    ['a total that is not a number', [sourceLine, sensorLine], { ...sampleLine, totals: { system: '1' } }],
    ['a sample without a time', [sourceLine, sensorLine], { ...sampleLine, timeNs: null }],
    ['an attribute that is an object', [], { ...sourceLine, attributes: { a: {} } }],
    ['a loss without a reason', [sourceLine], { ...lostLine(), error: undefined }],
    ['a poll without a receiver', [], { kind: 'poll', outcome: 'success', durationNs: 1, missed: 0 }],
    ['a line without a kind', [], {}],
    ['a list', [], []],
  ])('ends at %s, and delivers nothing of it', (_, before, message) => {
    const { next, got } = after(...before);
    expect(next(message)).toBe('BAD_REPLY');
    expect(got.samples).toEqual([]);
  });

  it('ends at a line that never ends', () => {
    const { decoder } = after();
    decoder.push(Buffer.alloc(maxLineBytes, 'x'));
    expect(codeOf(() => decoder.push(Buffer.from('x')))).toBe('BAD_REPLY');
  });

  it('ends at numbers too large for a double', () => {
    const { decoder, got } = after(sourceLine, sensorLine);
    const text = JSON.stringify(sampleLine).replace('12.5', '1e999');
    expect(codeOf(() => decoder.push(Buffer.from(`${text}\n`)))).toBe('BAD_REPLY');
    expect(got.samples).toEqual([]);
  });

  it.each([
    ['kind of line', { kind: 'forecast' }],
    ['kind of line with the name of a method', { kind: 'constructor' }],
    ['event', { kind: 'event', source: 1, timeNs: 1, event: 'board.singing', attributes: {} }],
    ['outcome of a poll', { kind: 'poll', receiver: 'a', outcome: 'superb', durationNs: 1, missed: 0 }],
    ['boundary', { ...sourceLine, number: 8, id: 'B', boundary: 'wall_plug' }],
  ])('leaves out and counts a %s that it does not know, and reads on', (_, message) => {
    const { decoder, next, got } = after(sourceLine, sensorLine);
    expect(next(message)).toBeUndefined();
    expect(next(sampleLine)).toBeUndefined();
    expect(decoder.unknown).toBe(1);
    expect([got.events, got.reports, got.samples.length]).toEqual([[], [], 1]);
  });

  it.each([
    ['metric', { metric: 'hw.mood' }],
    ['unit of a metric', { unit: 'kW' }],
    ['instrument of a metric', { instrument: 'counter' }],
  ])('leaves out and counts readings with a %s that it does not know', (_, change) => {
    const { decoder, next, got } = after(sourceLine, sensorLine, { ...sensorLine, number: 3, ...change });
    expect(next({ ...sampleLine, readings: [3, 7, 2, 12.5] })).toBeUndefined();
    expect(got.samples[0]?.readings.map(({ value }) => value)).toEqual([12.5]);
    expect(decoder.unknown).toBe(1);
  });

  it('adds up the messages that the agent reports as dropped', () => {
    const { decoder } = after({ kind: 'dropped', count: 3 }, { kind: 'dropped', count: 4 });
    expect(decoder.dropped).toBe(7);
  });
});

/** Ten thousand streams take two seconds; a machine that does other work needs more. */
const patienceMs = 60_000;

describe('10,000 random streams', () => {
  it(
    'of samples come out as they went in, in order',
    () => {
      const wrong: number[] = [];
      for (let seed = 0; seed < 10_000; seed++) {
        const random = seeded(seed);
        const below = (most: number) => Math.floor(random() * most);
        const encoder = new BusEncoder();
        const { decoder, got } = reader();
        decoder.push(bytesOf([encoder.hello(hello)]));
        const sources = [0, 1, 2].map((k) => ({
          ...board,
          id: `${below(2)}`,
          name: `${k}\n"\u2028`,
          simulated: k > 0,
        }));
        const sensors = [0, 1, 2, 3].map((k) => sensor(`R${k}`));
        const sent: Sample[] = [];
        for (let k = 0; k < 1 + below(12); k++) {
          const source = sources[below(3)] ?? board;
          const readings = sensors
            .slice(below(4))
            .map((each) => ({ sensor: each, value: (random() - 0.5) * 10 ** below(5) }));
          const sample = sampleOf(source, random() * 1e10, readings);
          if (random() < 0.2) decoder.push(bytesOf(encoder.lost({ source, timeNs: 1, error: lost })));
          const bytes = bytesOf(encoder.sample(sample));
          const cut = below(bytes.length);
          decoder.push(bytes.subarray(0, cut));
          decoder.push(bytes.subarray(cut));
          sent.push(sample);
        }
        const plain = (sample: Sample) =>
          JSON.stringify([
            sample.source.id,
            sample.source.name,
            sample.timeNs,
            sample.totals,
            sample.readings.map((each) => [each.sensor.attributes, each.value]),
          ]);
        if (got.samples.map(plain).join() !== sent.map(plain).join()) wrong.push(seed);
      }
      expect(wrong, 'seeds').toEqual([]);
    },
    patienceMs,
  );

  it(
    'of lines that were lost, doubled, swapped or cut never give a reading to another sensor',
    () => {
      const { lines, samples } = conversation(new BusEncoder());
      const texts = lines.map(({ bytes }) => bytes.toString());
      const known = new Set(samples.map(plainly));
      let [delivered, ended] = [0, 0];
      const wrong: number[] = [];
      for (let seed = 0; seed < 10_000; seed++) {
        const random = seeded(seed);
        const { decoder, got } = reader();
        const code = codeOf(() => {
          for (const text of disturbed(texts, random)) decoder.push(Buffer.from(text));
        });
        if (!isRefusal(code) || !got.samples.every((sample) => known.has(plainly(sample)))) wrong.push(seed);
        delivered += got.samples.length;
        ended += code === undefined ? 0 : 1;
      }
      expect(wrong, 'seeds').toEqual([]);
      // The streams are neither all whole nor all broken: both sides of the test were reached.
      expect(delivered).toBeGreaterThan(10_000);
      expect(ended).toBeGreaterThan(1000);
    },
    patienceMs,
  );

  it(
    'of random bytes give no reading, and of changed bytes only numbers that are marked as simulated',
    () => {
      const whole = bytesOf(conversation(new BusEncoder()).lines);
      const wrong: number[] = [];
      let delivered = 0;
      for (let seed = 0; seed < 10_000; seed++) {
        const random = seeded(seed);
        const isNoise = seed % 2 === 0;
        const bytes = isNoise ? Buffer.alloc(300) : Buffer.from(whole);
        const changes = isNoise ? bytes.length : 1 + Math.floor(random() * 4);
        for (let k = 0; k < changes; k++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        const { decoder, got, greeted } = reader();
        const code = codeOf(() => decoder.push(bytes));

        const isGood = ({ source, readings }: Sample) =>
          source.simulated &&
          readings.every(
            ({ sensor: { attributes }, value }) => Number.isFinite(value) && attributes[attribute.simulated],
          );
        if (!isRefusal(code) || (isNoise && greeted.length > 0) || !got.samples.every(isGood)) wrong.push(seed);
        delivered += got.samples.length;
      }
      expect(wrong, 'seeds').toEqual([]);
      expect(delivered).toBeGreaterThan(1000);
    },
    patienceMs,
  );
});

/** Read to its end, or refused in the documented way. */
function isRefusal(code: string | undefined): boolean {
  return code === undefined || code === 'BAD_REPLY' || code === 'UNSUPPORTED';
}

function lostLine() {
  return { kind: 'lost', source: 1, timeNs: 6, error: { code: 'BOARD_LOST', what: 'It is gone.', fix: 'Plug it in.' } };
}

function plainly({ source, timeNs, readings }: Sample): string {
  return JSON.stringify([source.id, timeNs, readings.map(({ sensor: each, value }) => [each.attributes, value])]);
}

function* disturbed(texts: readonly string[], random: () => number): Generator<string> {
  const at = 1 + Math.floor(random() * (texts.length - 1));
  const fault = ['lost', 'doubled', 'swapped', 'cut'][Math.floor(random() * 4)];
  for (const [k, text] of texts.entries()) {
    if (k !== at) yield text;
    else if (fault === 'doubled') yield text + text;
    else if (fault === 'cut') yield text.slice(0, Math.floor(random() * text.length));
    else if (fault === 'swapped') yield `${texts[k + 1] ?? ''}${text}`;
  }
}
