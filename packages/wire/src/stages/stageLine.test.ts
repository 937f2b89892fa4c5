import { ManualClock } from '@benchlab-otel/core/testing';
import { describe, expect, it } from 'vitest';
import { formatRecordingHeader } from './recordingHeader.ts';
import { formatStageLine, parseStageLine } from './stageLine.ts';

const parse = (value: unknown) => parseStageLine(typeof value === 'string' ? value : JSON.stringify(value), 'test');

describe('a line of stage events', () => {
  it('is read in both of its forms', () => {
    expect(parse({ timeNs: 5, uncertaintyNs: 2, stage: 'ingress', frameId: '17', more: {} })).toEqual({
      event: { timeNs: 5, uncertaintyNs: 2, stage: 'ingress', frameId: '17', source: 'test' },
    });
    expect(parse({ ts_ns: 1234567890, source: 'pipeline', kv: { stage: 'encoded' } })).toEqual({
      event: { timeNs: 1234567890, uncertaintyNs: 0, stage: 'encoded', source: 'test' },
    });
    expect(parse({ ts_ns: 1, source: 'pipeline', kv: { stage: 'encoded', frame_id: 4 } })).toMatchObject({
      event: { frameId: '4' },
    });
  });

  it('is written as it is read, and keeps that it was simulated', () => {
    const event = {
      timeNs: 5.5,
      uncertaintyNs: 0,
      stage: 'a "b"',
      frameId: 'ü',
      source: 'test',
      simulated: true,
    } as const;

    expect(parse(formatStageLine(event))).toEqual({ event });
  });

  it('may be blank', () => {
    expect(parse('  ')).toBeUndefined();
  });

  it('may be the header of a recording, which is read as it was written', () => {
    const clock = new ManualClock();
    expect(parse(formatRecordingHeader(clock))).toEqual({ header: { clock: clock.anchor() } });
  });

  it.each([
    ['not json', 'not a JSON object'],
    ['[1,2]', 'not a JSON object'],
    ['null', 'not a JSON object'],
    ['{"timeNs":1,"stage":"a"', 'not a JSON object'],
    [{ stage: 'a' }, 'no "timeNs"'],
    [{ timeNs: -1, stage: 'a' }, 'no "timeNs"'],
    [{ timeNs: '1', stage: 'a' }, 'no "timeNs"'],
    [{ ts_ns: null, kv: { stage: 'a' } }, 'no "ts_ns"'],
    ['{"timeNs":1795759794001159180,"stage":"a"}', 'the time of day'],
    ['{"timeNs":1e999,"stage":"a"}', 'the time of day'],
    [{ timeNs: 1, uncertaintyNs: -1, stage: 'a' }, '"uncertaintyNs"'],
    ['{"timeNs":1,"uncertaintyNs":1e999,"stage":"a"}', '"uncertaintyNs"'],
    [{ timeNs: 1 }, 'no "stage"'],
    [{ timeNs: 1, stage: '' }, 'no "stage"'],
    [{ timeNs: 1, stage: 7 }, 'no "stage"'],
    [{ timeNs: 1, stage: 'a'.repeat(129) }, 'more than 128 characters in "stage"'],
    [{ timeNs: 1, stage: 'a\u001b[31m' }, 'a control character in "stage"'],
    [{ timeNs: 1, stage: 'a\0' }, 'a control character in "stage"'],
    [{ ts_ns: 1, kv: { stage: 'a'.repeat(129) } }, 'more than 128 characters in "stage" in "kv"'],
    [{ timeNs: 1, stage: 'a', frameId: 'a'.repeat(129) }, 'more than 128 characters in the frame id'],
    [{ timeNs: 1, stage: 'a', frameId: 'a\n' }, 'a control character in the frame id'],
    [{ ts_ns: 1, kv: 'stage' }, 'no "stage" in "kv"'],
    [{ ts_ns: 1, source: 'gpu.nvml', kv: { power_w: 3 } }, 'no "stage" in "kv"'],
    [{ timeNs: 1, stage: 'a', frameId: '' }, 'frame'],
    [{ timeNs: 1, stage: 'a', frameId: 1.5 }, 'frame'],
    [{ timeNs: 1, stage: 'a', frameId: {} }, 'frame'],
    [{ timeNs: 1, stage: 'a', simulated: 'yes' }, '"simulated"'],
    [{ schema: 'benchlab-otel/stage-events', version: 2 }, 'version 2 is not known'],
    [{ schema: 'other' }, 'is not known'],
    [{ schema: 'benchlab-otel/stage-events', version: 1, clock: {} }, 'not an instant'],
  ])('%j is refused: %s', (line, reason) => {
    expect(parse(line)).toEqual({ reason: expect.stringContaining(reason) });
  });

  it.each([undefined, null, 7, {}, ['{}']])('that is not a text but %j is refused', (line) => {
    expect(parseStageLine(line as string, 'test')).toEqual({ reason: 'not a text' });
  });

  it('with a schema that is nested very deep is refused', () => {
    const deep = `${'['.repeat(8000)}${']'.repeat(8000)}`;
    expect(parse(`{"schema":${deep}}`)).toEqual({ reason: expect.stringContaining('schema a list of 1 in version') });
  });
});

describe('an event that the reader would refuse', () => {
  const event = { timeNs: 5, uncertaintyNs: 0, stage: 'a', source: 'test' };
  it.each<[string, readonly unknown[]]>([
    ['timeNs', [Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 53, undefined, null, '5', 5n]],
    ['uncertaintyNs', [Number.NaN, -1, Number.POSITIVE_INFINITY, undefined, null, '0']],
    ['stage', ['', 'a'.repeat(129), 'a\nb', 'a\0', undefined, null, 7]],
    ['frameId', ['', 'a'.repeat(129), 'a\u009b', null, 7, {}]],
    ['simulated', [null, 'yes', 1]],
  ])('is not written: its %s is wrong', (field, values) => {
    for (const value of values) {
      const wrong = expect.objectContaining({ code: 'BAD_OPTION', option: field });
      expect(() => formatStageLine({ ...event, [field]: value }), String(value)).toThrow(wrong);
    }
  });

  it('is only that: the bounds themselves are written and read', () => {
    const most = { ...event, timeNs: Number.MAX_SAFE_INTEGER, stage: 'a'.repeat(128), frameId: 'b'.repeat(128) };
    expect(parse(formatStageLine(most))).toEqual({ event: most });
    expect(parse(formatStageLine({ ...event, timeNs: 0 }))).toEqual({ event: { ...event, timeNs: 0 } });
  });
});
