import { PassThrough } from 'node:stream';
import { logEvents, metric, type Receiver } from '@benchlab-otel/core';
import { kernelVariant, withKernel } from '@benchlab-otel/enrichers';
import { inFlight, recordMetric, withSpan } from '@benchlab-otel/sdk';
import type { RuntimeEvent } from '@benchlab-otel/wire';
import { context, diag, metrics } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Telemetry, TelemetryOptions } from '../config/telemetryOptions.ts';
import { type OtlpSink, otlpSink } from '../export/otlpSink.suite.ts';
import { startTelemetry } from '../startTelemetry.ts';
import { withCorrelation } from './correlation.ts';
import { EnricherRegistry } from './enricherRegistry.ts';

let sink: OtlpSink;
let lines: string[];
let out: PassThrough;
let telemetry: Telemetry | undefined;
beforeEach(async () => {
  sink = await otlpSink();
  lines = [];
  out = new PassThrough();
});
afterEach(async () => {
  await telemetry?.shutdown();
  telemetry = undefined;
  await sink.close();
});

async function start(options: TelemetryOptions): Promise<Telemetry> {
  telemetry = await startTelemetry({
    serviceName: 'shop',
    env: {},
    metricsPage: { port: 0 },
    metricExportIntervalMs: 3_600_000,
    otlp: { endpoint: sink.endpoint },
    log: { destination: { write: (line) => void lines.push(line) } },
    telemetryOut: out,
    ...options,
  });
  return telemetry;
}

const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const events = (): RuntimeEvent[] =>
  (out.read()?.toString() ?? '').split('\n').flatMap((line: string) => (line === '' ? [] : [JSON.parse(line)]));

// As an application defines a metric of its own.
const compiled = { ...metric.benchlabCalls, name: 'compile.success', attributes: ['backend'] as const };

describe('A8: a function registered by name', () => {
  it('appends fields to spans, log lines, stream events and points of metrics', async () => {
    const registry = new EnricherRegistry();
    const kinds = new Set<string>();
    const remove = registry.register('tenant', ({ kind, name }) => {
      kinds.add(`${kind} ${name}`);
      return { 'tenant.id': 'acme', backend: 'never over what is given' };
    });
    const { logger, events: stream, metricsUrl, flush } = await start({ enrichers: [registry] });

    withSpan('buy', () => {});
    logger.info({ event: 'compile.start', backend: 'cuda' }, 'Compiling');
    stream.emit({ event: 'launch', backend: 'cuda' });
    recordMetric(compiled, 1, { backend: 'cuda' });
    await flush();

    expect(Buffer.concat(sink.traces).toString('latin1')).toMatch(/tenant\.id.{1,8}acme/s);
    expect(logged()[0]).toMatchObject({ 'tenant.id': 'acme', backend: 'cuda' });
    expect(events().find(({ event }) => event === 'launch')).toMatchObject({ 'tenant.id': 'acme', backend: 'cuda' });
    const page = await (await fetch(metricsUrl ?? '')).text();
    expect(page).toMatch(/^compile_success_total\{.*backend="cuda".*tenant_id="acme".*\} 1$/m);
    expect([...kinds].sort()).toEqual(
      ['event compile.start', 'event launch', 'log compile.start', 'metric compile.success', 'span buy'].sort(),
    );

    remove();
    logger.info('plain');
    expect(logged().at(-1)).not.toHaveProperty('tenant.id');
  });

  it('that throws is reported and switched off, and no signal is lost', async () => {
    const registry = new EnricherRegistry();
    registry.register('bad', () => {
      throw new Error('no');
    });
    const { logger } = await start({ enrichers: [registry] });
    for (let k = 0; k < 20; k++) logger.info({ k }, 'work');
    expect(logged().filter(({ msg }) => msg === 'work')).toHaveLength(20);
    expect(logged().filter(({ component }) => component === 'opentelemetry').length).toBeLessThanOrEqual(2);
  });

  it('that throws for the log line of its own report is reported once, without a loop', async () => {
    const evil = {
      name: 'evil',
      fields() {
        throw new Error('no');
      },
    };
    const { logger } = await start({ enrichers: [evil] });
    logger.info('first');
    expect(logged().map(({ msg }) => msg)).toEqual([
      expect.stringContaining('enricher evil: it failed in fields'),
      'first',
    ]);
    for (let k = 0; k < 20; k++) logger.info('work');
    const reports = logged().filter(({ component }) => component === 'opentelemetry');
    expect(reports.map(({ msg }) => msg)).toEqual([
      expect.stringContaining('failed in fields'),
      expect.stringContaining('switched off'),
    ]);
  });

  it('stays off up-down counters, so that +1 and -1 reach the same series', async () => {
    let state = 'starting';
    const { metricsUrl } = await start({ enrichers: [{ name: 'state', fields: () => ({ state }) }] });
    let end = () => {};
    const work = inFlight('works.now', () => new Promise<void>((resolve) => (end = resolve)));
    const working = work();
    state = 'ready';
    end();
    await working;

    const page = await (await fetch(metricsUrl ?? '')).text();
    expect(page.match(/^works_now.*/gm)).toEqual([expect.stringMatching(/\} 0$/)]);
  });

  it('reads the context of the application', async () => {
    const key = Symbol('tenant');
    const byContext = { name: 'ctx', fields: () => ({ 'tenant.id': String(context.active().getValue(key)) }) };
    const { logger } = await start({ enrichers: [byContext] });
    context.with(context.active().setValue(key, 'acme'), () => logger.info('x'));
    expect(logged()[0]).toMatchObject({ 'tenant.id': 'acme' });
  });
});

describe('one run', () => {
  it('has one correlation id on its spans, its log lines, with and without a span, and its events', async () => {
    const { logger, events: stream, flush } = await start({});
    logger.info('before');
    withCorrelation((id) => {
      expect(id).toBe('run-1');
      logger.info('no span');
      withSpan('buy', () => logger.info('in span'));
      stream.emit({ event: 'launch' });
    }, 'run-1');
    withSpan('two runs', () => {
      for (const id of ['a', 'b']) withCorrelation(() => logger.info(id), id);
    });
    await flush();

    const ids = logged().map((line) => [line.msg, line['context.correlation_id']]);
    expect(ids).toEqual([
      ['before', undefined],
      ['no span', 'run-1'],
      ['in span', 'run-1'],
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(logged()[2]).toHaveProperty('trace_id');
    expect(events()[0]).toMatchObject({ event: 'launch', component: 'shop', context: { correlation_id: 'run-1' } });
    expect(Buffer.concat(sink.traces).toString('latin1')).toMatch(/context\.correlation_id.{1,8}run-1/s);
  });

  it('refuses an empty id', () => {
    expect(() => withCorrelation(() => {}, '')).toThrow('id');
  });
});

describe('the kernel in use', () => {
  it('is on spans, log lines and points of metrics, and in the diagnostics of events', async () => {
    const { logger, events: stream, metricsUrl, flush } = await start({ enrichers: [kernelVariant()] });
    withKernel({ variant: 'c-float64', missingArtifact: 'dot/cuda' }, () => {
      withSpan('dot', () => {});
      logger.info('computed');
      recordMetric(compiled, 1, { backend: 'c' });
      stream.emit({ event: 'completion', diagnostics: { missing_artifact: 'of the event' } });
    });
    await flush();
    const kernel = { kernel_variant: 'c-float64', missing_artifact: 'dot/cuda' };
    expect(logged().at(-1)).toMatchObject(kernel);
    expect(await (await fetch(metricsUrl ?? '')).text()).toMatch(
      /^compile_success_total\{.*kernel_variant="c-float64",.*missing_artifact="dot\/cuda"/m,
    );
    expect(Buffer.concat(sink.traces).toString('latin1')).toMatch(/kernel_variant.*c-float64/s);
    expect(events()[0]?.diagnostics).toEqual({ kernel_variant: 'c-float64', missing_artifact: 'of the event' });
  });
});

describe('the stream of events', () => {
  it('has log lines with an event, and no messages of the SDK', async () => {
    const { logger } = await start({ env: { OTEL_LOG_LEVEL: 'debug' } });
    logger.info('no event');
    logger.child({ component: 'compiler' }).error({ event: 'compile.end', err: new TypeError('no') }, 'Failed');
    diag.warn('from the SDK');
    await telemetry?.flush();
    expect(events()).toEqual([
      {
        timestamp: expect.any(String),
        component: 'compiler',
        event: 'compile.end',
        diagnostics: { level: 'error', message: 'Failed', error_type: 'TypeError', error_message: 'no' },
      },
    ]);
  });

  it('has the events of devices, and so has the log', async () => {
    const source = { id: 'uid', name: 'Board', simulated: true, attributes: {} };
    const attributes = { 'benchlab.simulated': true };
    const receiver: Receiver = {
      name: 'test',
      start: async (consumer) =>
        consumer.event?.({ source, timeNs: 1, definition: logEvents.benchlabFaultChange, attributes }),
      stop: async () => {},
    };
    await start({ receivers: [receiver] });
    await telemetry?.flush();
    expect(logged()[0]).toMatchObject({ level: 'warn', event: 'benchlab.fault.change', 'benchlab.simulated': true });
    expect(events()[0]).toMatchObject({ event: 'benchlab.fault.change', diagnostics: { 'benchlab.simulated': true } });
  });

  it('that cannot be written stops the start, by the name of its option', async () => {
    await expect(start({ telemetryOut: '/no/such/folder/out.jsonl' })).rejects.toThrow('telemetryOut');
  });
});

it('an enricher that is not for metrics leaves their instruments as they are', async () => {
  const enricher = (signals?: readonly ('log' | 'metric')[]) => ({
    name: 'tenant',
    fields: () => ({ tenant: 'acme' }),
    ...(signals && { signals }),
  });
  const counterOf = async (options: TelemetryOptions) => {
    const { shutdown } = await start(options);
    const counter = metrics.getMeter('app').createCounter('jobs');
    await shutdown();
    return String(counter.add);
  };
  const plain = await counterOf({ enrichers: [] });
  expect(await counterOf({ enrichers: [enricher(['log'])] })).toBe(plain);
  expect(await counterOf({ enrichers: [enricher(['metric'])] })).not.toBe(plain);
});
