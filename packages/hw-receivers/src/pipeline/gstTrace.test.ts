import type { StageEvent } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { FrameIds } from './frameIds.ts';
import { GstClock, nowOf } from './gstClock.ts';
import { gstLine, gstRecord, wholeField } from './gstLine.ts';
import { gstNames } from './gstNames.ts';
import { GstTrace } from './gstTrace.ts';

// GStreamer 1.22: videotestsrc ! identity name=ingress ! jpegenc name=enc, and what the other tracers print.
const elementLine =
  '0:00:00.027527401 17163 0x564ae9936a00 TRACE             GST_TRACER :0:: new-element, thread-id=(guint64)94879746320896, ts=(guint64)27523472, ix=(uint)0, parent-ix=(uint)4294967295, name=(string)videotestsrc0, type=(string)GstVideoTestSrc, is-bin=(boolean)0;';
const ingressBuffer =
  '0:00:00.040875949 17163 0x564ae9a3a800 TRACE             GST_TRACER :0:: buffer, thread-id=(guint64)94879747385344, ts=(guint64)40871230, pad-ix=(uint)4, element-ix=(uint)1, peer-pad-ix=(uint)5, peer-element-ix=(uint)2, buffer-size=(uint)230400, have-buffer-pts=(boolean)1, buffer-pts=(guint64)6822662, have-buffer-dts=(boolean)0, buffer-dts=(guint64)18446744073709551615, have-buffer-duration=(boolean)1, buffer-duration=(guint64)33333333, buffer-flags=(GstBufferFlags)64;';
const encoderBuffer =
  '0:00:00.041613455 17163 0x564ae9a3a800 TRACE             GST_TRACER :0:: buffer, thread-id=(guint64)94879747385344, ts=(guint64)41609468, pad-ix=(uint)6, element-ix=(uint)2, peer-pad-ix=(uint)7, peer-element-ix=(uint)3, buffer-size=(uint)12635, have-buffer-pts=(boolean)1, buffer-pts=(guint64)6822662, have-buffer-dts=(boolean)1, buffer-dts=(guint64)6822662, have-buffer-duration=(boolean)1, buffer-duration=(guint64)33333333, buffer-flags=(GstBufferFlags)16960;';
const latencyLine =
  '0:00:00.053074552 12653 0x55c93e17b800 TRACE             GST_TRACER :0:: latency, src-element-id=(string)0x55c93e1521b0, src-element=(string)videotestsrc0, src=(string)src, sink-element-id=(string)0x55c93e173820, sink-element=(string)sink, sink=(string)sink, time=(guint64)2328435, ts=(guint64)53057941;';

const element = (ix: number, name: string, type: string) =>
  `0:00:00.027000000 1 0x5 TRACE  GST_TRACER :0:: new-element, ts=(guint64)1, ix=(uint)${ix}, name=(string)${name}, type=(string)${type}, is-bin=(boolean)0;`;
const nowLine =
  '0:00:00.030000000 1 0x5 DEBUG   pipeline gstpipeline.c:494:gst_pipeline_change_state:<pipeline0> start_time=0:00:00.000000000, now=0:01:00.030000000, base_time 0:01:00.030000000';

function trace(...lines: readonly string[]): { events: StageEvent[]; rejected: string[]; trace: GstTrace } {
  const rejected: string[] = [];
  const made = new GstTrace({
    startedNs: 59e9,
    source: 'gst',
    names: new Set(['ingress', 'enc', 'encoded', 'out']),
    rejected: (reason) => void rejected.push(reason),
  });
  const events: StageEvent[] = [];
  // Each was read 20 us after it was logged, by a clock that is at 60 s at log time 0.
  for (const line of lines) events.push(...made.line(line, 60e9 + (gstLine(line)?.logNs ?? 0) + 20e3));
  events.push(...made.settle());
  return { events, rejected, trace: made };
}

describe('a line of the log', () => {
  it('is split into its parts, and digits stay as they are', () => {
    const line = gstLine(encoderBuffer);
    expect(line).toMatchObject({ logNs: 41_613_455, category: 'GST_TRACER' });
    const record = gstRecord(line?.text ?? '');
    expect(record?.name).toBe('buffer');
    expect(record && wholeField(record, 'buffer-pts')).toBe(6_822_662);
    expect(record && wholeField(record, 'buffer-flags')).toBe(16_960);
    const first = gstRecord(gstLine(ingressBuffer)?.text ?? '');
    expect(first && wholeField(first, 'buffer-dts')).toBeUndefined(); // all ones: none
    const made = gstRecord(gstLine(elementLine)?.text ?? '');
    expect(made && wholeField(made, 'parent-ix')).toBeUndefined();
    expect(made?.fields.get('name')).toBe('videotestsrc0');
    expect(gstRecord(gstLine(latencyLine)?.text ?? '')?.fields.get('time')).toBe('2328435');
  });

  it('may be coloured, have unknown fields, and names with quotes', () => {
    const coloured = ingressBuffer
      .replace('TRACE', '\u001b[37mTRACE\u001b[00m')
      .replace('GST_TRACER', '\u001b[00;01;34mGST_TRACER\u001b[00m');
    expect(gstLine(coloured)).toEqual(gstLine(ingressBuffer));
    const record = gstRecord('new-element, ix=(uint)3, name=(string)my "cam", one;, more=(GstThing)x;');
    expect(record && Object.fromEntries(record.fields)).toEqual({ ix: '3', name: 'my "cam", one;', more: 'x' });
  });

  it.each([
    ['a schema', 'new-element.class, thread-id=(structure)"scope, type=(type)guint64;";'],
    ['a cut line', ingressBuffer.slice(100, 300)],
    ['a format string', 'new format string: buffer, thread-id=(guint64)%lu;'],
    ['a sentence', 'something else;'],
    ['nothing', ''],
  ])('that is %s is not a record', (_, text) => {
    expect(gstRecord(text)).toBeUndefined();
  });

  it('holds the clock', () => {
    expect(nowOf(gstLine(nowLine)?.text ?? '')).toBe(60.03e9);
    expect(nowOf('start_time=0:00:00.000000000')).toBeUndefined();
  });
});

describe('the clock', () => {
  it('lies between its highest lower bound and its lowest upper bound', () => {
    const clock = new GstClock(1e9);
    clock.saw(5e6, 2e9 + 5e6 + 400e3, undefined);
    clock.saw(6e6, 2e9 + 6e6 + 80e3, 2e9 + 6e6 - 10e3);
    clock.saw(7e6, 2e9 + 7e6 + 30e3, undefined);

    expect(clock.bracket).toEqual({ offsetNs: 2e9 + 10e3, uncertaintyNs: 20e3 });
  });

  it('without a line that holds it has the start of the program as its lower bound', () => {
    const clock = new GstClock(1e9);
    clock.saw(1e6, 1e9 + 9e6, undefined);
    clock.fix();

    expect(clock.bracket).toEqual({ offsetNs: 1e9 + 4e6, uncertaintyNs: 4e6 });
  });
});

describe('a pipeline with another clock', () => {
  it.each([
    ['ahead, as the time of day', 1.8e18],
    ['behind, as one that began with the pipeline', 0],
  ])('%s is not used: the start of the program is the lower bound', (_, now) => {
    const clock = new GstClock(1e9);
    for (let ms = 1; ms <= 1001; ms++) clock.saw(ms * 1e6, 1e9 + 20e6 + ms * 1e6, now + ms * 1e6);

    expect(clock.bracket).toEqual({ offsetNs: 1e9 + 10e6, uncertaintyNs: 10e6 });
  });
});

describe('the names in a pipeline', () => {
  it.each([
    ['videotestsrc ! identity name=ingress ! x264enc name=encoded ! fakesink', ['ingress', 'encoded']],
    [
      'videotestsrc ! identity name = a ! queue name="b c" ! queue name=\'d\' ! fakesink name=e',
      ['a', 'b c', 'd', 'e'],
    ],
    ['v4l2src device-name=cam ! x264enc tune=zerolatency ! rtph264pay config-interval=-1 ! fakesink', []],
    ['tee name=t t. ! queue name=left ! fakesink t. ! queue ! fakesink', ['t', 'left']],
  ])('%s', (pipeline, names) => {
    expect([...gstNames(pipeline.split(' '))].sort()).toEqual([...names].sort());
    expect([...gstNames([pipeline])]).toEqual(names);
  });

  it('may have spaces that the shell has kept', () => {
    expect(gstNames(['identity', 'name=front camera', '!', 'fakesink'])).toContain('front camera');
  });
});

describe('the uncertainty', () => {
  it('is never 0, however close the bounds are', () => {
    const clock = new GstClock(1e9);
    clock.saw(5e6, 2e9 + 5e6, 2e9 + 5e6);

    expect(clock.bracket).toEqual({ offsetNs: 2e9, uncertaintyNs: 1 });
  });
});

describe('frame ids', () => {
  it('are the same within a microsecond of rounding, and not beyond', () => {
    const ids = new FrameIds();

    expect([33_333_333, 33_333_334, 33_332_400, 33_334_333, 33_335_000].map((ns) => ids.of(ns))).toEqual([
      '33333333',
      '33333333',
      '33333333',
      '33333333',
      '33335000',
    ]);
  });
});

describe('a trace', () => {
  it('bounds what it remembers', () => {
    const many = Array.from({ length: 1030 }, (_, ix) => element(ix, `element-${ix}`, 'GstIdentity'));

    expect(trace(...many).rejected).toHaveLength(6);
  });
});
