import { describe, expect, it } from 'vitest';
import { maxNumberedLineBytes as maxLineBytes } from '../samples/bounds.ts';
import { hello, reader } from './busLines.suite.ts';
import { after, codeOf, line, lostLine, sampleLine, sensorLine, sourceLine } from './codec.suite.ts';

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
