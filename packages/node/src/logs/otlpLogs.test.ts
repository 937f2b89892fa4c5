import { withSpan } from '@benchlab-otel/sdk';
import { trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Telemetry, TelemetryOptions } from '../config/telemetryOptions.ts';
import { type OtlpSink, otlpSink } from '../export/otlpSink.suite.ts';
import { startTelemetry } from '../startTelemetry.ts';

let sink: OtlpSink;
let lines: string[];
let telemetry: Telemetry | undefined;
beforeEach(async () => {
  sink = await otlpSink();
  lines = [];
});
afterEach(async () => {
  await telemetry?.shutdown();
  telemetry = undefined;
  await sink.close();
});

async function start(options: TelemetryOptions): Promise<Telemetry> {
  telemetry = await startTelemetry({
    env: {},
    metricsPage: { port: 0 },
    metricExportIntervalMs: 3_600_000,
    otlp: { endpoint: sink.endpoint },
    ...options,
    log: { destination: { write: (line) => void lines.push(line) }, ...options.log },
  });
  return telemetry;
}

const sent = () => Buffer.concat(sink.logs).toString('latin1');
const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('log lines over OTLP', () => {
  it('carry body, event, fields, error and the ids of their span, which the line has too', async () => {
    const { logger, flush } = await start({ log: { otlp: true } });
    let ids: { traceId: string; spanId: string } | undefined;
    withSpan('job', () => {
      ids = trace.getActiveSpan()?.spanContext();
      logger.child({ part: 'compiler' }).warn({ event: 'compile.start', backend: 'cuda', n: 7 }, 'Compiling');
      logger.error(new RangeError('too much'), 'Failed');
    });
    await flush();

    for (const word of ['Compiling', 'compile.start', 'cuda', 'compiler', 'exception.type', 'RangeError', 'too much']) {
      expect(sent(), word).toContain(word);
    }
    expect(sent()).not.toContain('hostname\x12');
    expect(parsed()[0]).toMatchObject({ trace_id: ids?.traceId, span_id: ids?.spanId });
    const bytes = sink.logs[0]?.toString('hex') ?? '';
    expect(bytes).toContain(ids?.traceId ?? 'none');
    expect(bytes).toContain(ids?.spanId ?? 'none');
  });

  it('are sent with OTEL_LOGS_EXPORTER=otlp, and not by default', async () => {
    const silent = await start({});
    silent.logger.info('kept here');
    await silent.shutdown();
    expect(sink.logs).toEqual([]);

    const { logger, flush } = await start({ env: { OTEL_LOGS_EXPORTER: 'otlp' } });
    logger.info('sent');
    await flush();
    expect(sent()).toContain('sent');
  });

  it('are sent together with records that libraries emit through the logs API, until the shutdown', async () => {
    const { shutdown } = await start({ log: { otlp: true } });
    logs.getLogger('library').emit({ body: 'from a library' });
    await shutdown();
    expect(sent()).toContain('from a library');
    const received = sink.logs.length;
    logs.getLogger('library').emit({ body: 'too late' });
    expect(sink.logs).toHaveLength(received);
  });

  it('are counted, and a missing collector causes one line in the log and loses no line of the application', async () => {
    await sink.close();
    const { logger, metricsUrl, shutdown } = await start({ log: { otlp: true }, shutdownTimeoutMs: 1000 });
    for (let k = 0; k < 50; k++) logger.info({ k }, 'work');
    await expect.poll(() => parsed().filter(({ event }) => event === 'otlp.failed').length, { timeout: 5000 }).toBe(1);
    const page = await (await fetch(metricsUrl ?? '')).text();
    expect(page).toMatch(/^otel_sdk_processor_log_processed_total\{[^}]*log_processor\/0"[^}]*\} 5\d$/m);
    await shutdown();
    expect(parsed().filter(({ msg }) => msg === 'work')).toHaveLength(50);
    expect(parsed().filter(({ event }) => event === 'otlp.failed')).toHaveLength(1);
  });

  it('refuse an exporter that does not exist', async () => {
    await expect(start({ env: { OTEL_LOGS_EXPORTER: 'zipkin' } })).rejects.toThrow('OTEL_LOGS_EXPORTER');
  });
});
