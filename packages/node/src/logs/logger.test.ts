import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptionError } from '@benchlab-otel/core';
import { context, propagation, type Span, type Tracer, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerTracing } from '../lifecycle/globals.ts';
import { telemetryLogger } from './logger.ts';

let lines: string[];
let folder: string;
const destination = { write: (line: string) => void lines.push(line) };
const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

let tracer: Tracer;

beforeEach(() => {
  lines = [];
  folder = mkdtempSync(join(tmpdir(), 'logger-'));
  const provider = new TracerProvider();
  registerTracing(provider, new W3CTraceContextPropagator());
  tracer = provider.getTracer('test');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  trace.disable();
  context.disable();
  propagation.disable();
});

const inSpan = (run: (span: Span) => void) => tracer.startActiveSpan('job', run);

describe('telemetryLogger', () => {
  it('writes level as a word, time as ISO 8601 and the fields given', () => {
    telemetryLogger({ destination }).warn({ event: 'compile.start', n: 1 }, 'Compiling %s', 'all');

    expect(parsed()[0]).toMatchObject({ level: 'warn', event: 'compile.start', n: 1, msg: 'Compiling all' });
    expect(parsed()[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(parsed()[0]).not.toHaveProperty('trace_id');
  });

  it('carries only the ids of the active span', () => {
    const logger = telemetryLogger({ destination });
    const expected: object[] = [];
    const log = (span: Span) => {
      const { traceId, spanId } = span.spanContext();
      expected.push({ trace_id: traceId, span_id: spanId, trace_flags: '01' });
      logger.info('in');
    };

    inSpan((outer) => {
      log(outer);
      inSpan(log);
      log(outer);
    });
    logger.info('out');

    expect(parsed().slice(0, 3)).toMatchObject(expected);
    expect(parsed()[3]).not.toHaveProperty('trace_id');
  });

  it('carries them in child loggers too, next to their own fields', () => {
    const child = telemetryLogger({ destination }).child({ module: 'codegen' });

    inSpan((span) => {
      child.info('in');
      expect(parsed()[0]).toMatchObject({ module: 'codegen', span_id: span.spanContext().spanId });
    });
    child.info('out');

    expect(parsed()[1]).toMatchObject({ module: 'codegen' });
  });

  it('has on the next line what changes on a logger inside a span', () => {
    const request = telemetryLogger({ destination }).child({}, { serializers: { user: () => 'USER' } });

    inSpan((span) => {
      request.info('one');
      request.setBindings({ tenant: 't1' });
      request.info('two');
      request.setBindings({ tenant2: 't2' });
      request.info({ user: {} }, 'three');
      const { spanId } = span.spanContext();
      expect(parsed().map(({ msg, tenant, tenant2, user, span_id }) => [msg, tenant, tenant2, user, span_id])).toEqual([
        ['one', undefined, undefined, undefined, spanId],
        ['two', 't1', undefined, undefined, spanId],
        ['three', 't1', 't2', 'USER', spanId],
      ]);
    });
  });

  it('keeps redaction and the prefix of a child inside a span', () => {
    const child = telemetryLogger({ destination }).child({}, { redact: ['card', '*.pw'], msgPrefix: '[x] ' });

    inSpan(() => child.info({ card: '4111', a: { pw: 's' } }, 'pay'));

    expect(parsed()[0]).toMatchObject({ card: '[Redacted]', a: { pw: '[Redacted]' }, msg: '[x] pay' });
  });

  it.each([
    ['the line', (logger: Logger) => logger.info({ trace_id: 'mine' }, 'own')],
    ['the logger', (logger: Logger) => logger.child({ trace_id: 'mine' }).info('own')],
    ['both', (logger: Logger) => logger.child({ trace_id: 'not this' }).info({ trace_id: 'mine' }, 'own')],
  ])('lets a trace_id of %s win, and adds the other ids', (_, log) => {
    inSpan((span) => {
      log(telemetryLogger({ destination }));
      expect(parsed()[0]).toMatchObject({ trace_id: 'mine', span_id: span.spanContext().spanId });
    });
  });

  it('has each key once in a line, also where the application gives ids of its own', () => {
    const logger = telemetryLogger({ destination });
    inSpan(() => {
      logger.info({ trace_id: 'mine', span_id: 'mine' });
      logger.child({ trace_id: 'mine' }).info('own');
      logger.child({ request: { trace_id: 'nested' } }).info('own');
    });
    for (const line of lines) {
      expect(line.match(/"span_id":/g)).toHaveLength(1);
      expect(line.match(/[,{]"trace_id":/g)?.length).toBe(line.includes('nested') ? 2 : 1);
    }
  });

  it('does not call the onChild of the application', () => {
    let calls = 0;
    const logger = telemetryLogger({ destination });
    logger.onChild = () => calls++;

    inSpan(() => logger.info('one'));

    expect(calls).toBe(0);
  });

  it('applies levels that change inside a span', () => {
    const logger = telemetryLogger({ destination, level: 'warn' });

    inSpan(() => {
      logger.info('unseen');
      logger.level = 'debug';
      logger.debug('seen');
    });

    expect(parsed().map((line) => line.msg)).toEqual(['seen']);
  });

  it('logs without ids in a span that has none', () => {
    const invalid = trace.wrapSpanContext({ traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 });

    context.with(trace.setSpan(context.active(), invalid), () => telemetryLogger({ destination }).info('in'));

    expect(parsed()[0]).not.toHaveProperty('trace_id');
  });

  it('writes to a file', () => {
    const path = join(folder, 'app.log');

    telemetryLogger({ destination: path }).info('kept');

    expect(readFileSync(path, 'utf8')).toContain('"msg":"kept"');
  });

  it.each([
    ['a folder that does not exist', { destination: '/nowhere/app.log' }, 'log.destination'],
    ['an empty path', { destination: '' }, 'log.destination'],
    ['something that is not a stream', { destination: {} as { write(): void } }, 'log.destination'],
    ['null', { destination: null as unknown as string }, 'log.destination'],
    ['a level that does not exist', { level: 'loud' as 'info' }, 'log.level'],
  ])('refuses %s by the name of the option', (_what, options, option) => {
    expect(() => telemetryLogger(options)).toThrow(OptionError);
    expect(() => telemetryLogger(options)).toThrow(expect.objectContaining({ option }));
  });

  it('continues without an error when the reader of the log goes away', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const logger = telemetryLogger({ destination: pipe });
    logger.info('read');
    closeSync(reader);

    for (let k = 0; k < 3; k++) logger.info('into a broken pipe');

    await new Promise((resolve) => setImmediate(resolve)); // an error event without a listener would fail the run
  });

  it.skipIf(!existsSync('/dev/full'))('continues without an error on a full disk', async () => {
    const logger = telemetryLogger({ destination: '/dev/full' });

    for (let k = 0; k < 3; k++) logger.info('nowhere to go');

    await new Promise((resolve) => setImmediate(resolve));
  });
});
