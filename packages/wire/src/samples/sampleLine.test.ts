import { attribute, metric, type Sample } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { board, seeded, sensor } from '../bus/busLines.suite.ts';
import { formatSampleLine } from './sampleLine.ts';
import { SampleLineParser } from './sampleLineParser.ts';

const reading = { sensor: sensor('EPS1'), value: 60 };
const sample: Sample = {
  source: board,
  timeNs: 123_456_789,
  uncertaintyNs: 1500,
  totals: { system: 323.6, cpu: 90 },
  readings: [reading, { sensor: sensor('TS_1', metric.hwTemperature), value: 41.5 }],
};

function parsed(text: string): Sample {
  const read = new SampleLineParser().parse(text);
  if (read === undefined || !('sample' in read)) throw new Error(JSON.stringify(read));
  return read.sample;
}

it('a sample is one line that is read as it was written', () => {
  const line = formatSampleLine(sample);

  expect(line).not.toContain('\n');
  expect(parsed(line)).toEqual(sample);
});

it('the line has the fields that scripts read: units, totals in watts, the firmware that was assumed', () => {
  const attributes = { ...board.attributes, [attribute.firmwareAssumed]: '7' };
  const assumed = { ...sample, source: { ...board, attributes } };

  expect(JSON.parse(formatSampleLine(sample))).toMatchObject({
    schema: 'benchlab-otel/sample',
    version: 1,
    timeNs: 123_456_789,
    uncertaintyNs: 1500,
    source: { id: board.id, name: board.name, simulated: true, assumedFirmware: null },
    totalsWatts: { system: 323.6, cpu: 90 },
    readings: [{ metric: 'hw.power', unit: 'W', value: 60, attributes: reading.sensor.attributes }, { unit: 'Cel' }],
  });
  expect(JSON.parse(formatSampleLine(assumed)).source.assumedFirmware).toBe('7');
  expect(JSON.parse(formatSampleLine({ ...sample, totals: {} })).totalsWatts).toEqual({});
});

it('a value that is not a number is left out, because JSON has no form for it', () => {
  const readings = [reading, { ...reading, value: Number.NaN }, { ...reading, value: Number.POSITIVE_INFINITY }];
  const read = parsed(formatSampleLine({ ...sample, readings, totals: { system: Number.NaN, cpu: 1 } }));

  expect(read.readings).toEqual([reading]);
  expect(read.totals).toEqual({ cpu: 1 });
});

it('equal sources and sensors of different lines are one object, until a source changes', () => {
  const parser = new SampleLineParser();
  const parse = (given: Sample) => {
    const read = parser.parse(formatSampleLine(given));
    return read !== undefined && 'sample' in read ? read.sample : undefined;
  };
  const [first, second] = [parse(sample), parse(sample)];
  const renamed = parse({ ...sample, source: { ...board, name: 'renamed' } });

  expect(second?.source).toBe(first?.source);
  expect(second?.readings[0]?.sensor).toBe(first?.readings[0]?.sensor);
  expect(renamed?.source.name).toBe('renamed');
  expect(renamed?.readings[0]?.sensor).not.toBe(first?.readings[0]?.sensor);
});

it('a parser refuses more than 64 sources, and keeps at most 512 sensors of one', () => {
  const parser = new SampleLineParser();
  const line = (id: string, location: string) =>
    formatSampleLine({ ...sample, source: { ...board, id }, readings: [{ sensor: sensor(location), value: 1 }] });
  for (let k = 0; k < 2000; k++) expect(parser.parse(line('0', `R${k}`))).toHaveProperty('sample');
  for (let k = 1; k < 64; k++) expect(parser.parse(line(`${k}`, 'R'))).toHaveProperty('sample');

  expect(parser.parse(line('64', 'R'))).toEqual({ reason: 'more than 64 sources' });
});

it('a line that a release without versions wrote is read', () => {
  const { schema: _, version: __, source, readings, ...others } = JSON.parse(formatSampleLine(sample));
  const { id, name, simulated } = source;
  const older = {
    ...others,
    source: { id, name, simulated, assumedFirmware: '7' },
    readings: readings.map(({ instrument: _, energyMetric: __, ...rest }: Record<string, unknown>) => rest),
  };

  expect(parsed(JSON.stringify(older))).toMatchObject({
    source: { id, simulated: true, attributes: { [attribute.firmwareAssumed]: '7', [attribute.simulated]: true } },
    readings: [{ value: 60, sensor: { metric: metric.hwPower } }, { value: 41.5 }],
  });
});

it('1,000 random samples are read as they were written', () => {
  const parser = new SampleLineParser();
  const wrong: number[] = [];
  for (let seed = 0; seed < 1000; seed++) {
    const random = seeded(seed);
    const sensors = ['a', 'b\n"\u2028', 'ü', ''].map((location) => sensor(location));
    const readings = sensors.slice(Math.floor(random() * 4)).map((each) => ({
      sensor: each,
      value: (random() - 0.5) * 10 ** Math.floor(random() * 12),
    }));
    const given = { source: board, timeNs: random() * 1e15, uncertaintyNs: random(), readings };
    const read = parser.parse(formatSampleLine(given));
    if (read === undefined || !('sample' in read) || JSON.stringify(read.sample) !== JSON.stringify(given))
      wrong.push(seed);
  }
  expect(wrong, 'seeds').toEqual([]);
});

it('a cut, doubled or changed line is refused or read, never thrown at', () => {
  const line = formatSampleLine(sample);
  const parser = new SampleLineParser();
  for (let at = 0; at < line.length; at++) {
    const cut = parser.parse(line.slice(0, at));
    expect(cut === undefined || 'reason' in cut).toBe(true);
    parser.parse(`${line.slice(0, at)}9${line.slice(at + 1)}`);
  }
  expect(parser.parse(line + line)).toEqual({ reason: 'not a JSON object' });
});

it.each(['timeNs', 'uncertaintyNs'])('a sample is not written when its %s is not a number of at least 0', (field) => {
  for (const value of [Number.NaN, -1, Number.POSITIVE_INFINITY, undefined, null, '5']) {
    const wrong = expect.objectContaining({ code: 'BAD_OPTION', option: field });
    expect(() => formatSampleLine({ ...sample, [field]: value }), String(value)).toThrow(wrong);
  }
});

it('a sample that is longer than a reader accepts is not written', () => {
  const readings = Array.from({ length: 10_000 }, () => reading);
  expect(() => formatSampleLine({ ...sample, readings })).toThrow('has more than 1048576 bytes');
});

it.each([undefined, null, 7, {}])('a line that is not a text but %j is refused', (line) => {
  expect(new SampleLineParser().parse(line as string)).toEqual({ reason: 'not a text' });
});
