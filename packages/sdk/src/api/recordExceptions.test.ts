import { logs } from '@opentelemetry/api-logs';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../../test/recorder.ts';
import { type ExceptionSignal, recordExceptions } from './recordExceptions.ts';
import { withSpan } from './withSpan.ts';

let recorder: Recorder;
let exporter: InMemoryLogRecordExporter;
beforeEach(() => {
  recorder = Recorder.start();
  exporter = new InMemoryLogRecordExporter();
});
afterEach(() => {
  recordExceptions('event');
  logs.disable();
  recorder.stop();
});

const collectLogs = () =>
  logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }));
const failTwice = () =>
  expect(() =>
    withSpan('outer', () =>
      withSpan('inner', () => {
        throw new RangeError('cut');
      }),
    ),
  ).toThrow('cut');
const events = () => recorder.ended.flatMap((span) => span.events.map((event) => [span.name, event.name]));

test.each<[ExceptionSignal, number, number]>([
  ['event', 1, 0],
  ['log', 0, 1],
  ['both', 1, 1],
  ['none', 0, 0],
])(
  'as %s an exception is recorded once through nested spans, and only in its signals',
  (signal, eventCount, logCount) => {
    collectLogs();
    recordExceptions(signal);
    failTwice();
    expect(events()).toEqual(Array(eventCount).fill(['inner', 'exception']));
    expect(exporter.getFinishedLogRecords()).toHaveLength(logCount);
    expect(recorder.ended.map((span) => span.attributes['error.type'])).toEqual(['RangeError', 'RangeError']);
  },
);

test('the log record has the severity, the attributes of the conventions for exceptions, and the ids of its span', () => {
  collectLogs();
  recordExceptions('log');
  failTwice();
  const [record] = exporter.getFinishedLogRecords();
  expect([record?.eventName, record?.severityNumber, record?.severityText]).toEqual(['exception', 17, 'ERROR']);
  expect(record?.attributes).toMatchObject({
    'exception.type': 'RangeError',
    'exception.message': 'cut',
    'exception.stacktrace': expect.stringContaining('recordExceptions.test'),
  });
  expect(record?.spanContext?.spanId).toBe(recorder.span('inner').spanContext().spanId);
  expect(record?.instrumentationScope.name).toBe('@benchlab-otel/sdk');
});

test('without an SDK for logs, an exception is an event all the same', () => {
  recordExceptions('log');
  failTwice();
  expect(events()).toEqual([['inner', 'exception']]);
});

test('a log processor that throws changes nothing for the application', () => {
  const raise = () => {
    throw new Error('of the processor');
  };
  const processor = { onEmit: raise, forceFlush: async () => {}, shutdown: async () => {} };
  logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [processor] }));
  recordExceptions('log');
  failTwice();
  expect(recorder.ended).toHaveLength(2);
});

test('a word that is not a signal is refused', () => {
  expect(() => recordExceptions('logs' as 'log')).toThrow(
    'as of recordExceptions() is "logs". It must be one of event, log, both, none.',
  );
});
