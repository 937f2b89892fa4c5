import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counted } from '@benchlab-otel/sdk';
import { context, metrics, propagation, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TelemetryOptions } from '../config/telemetryOptions.ts';
import { logsApi } from '../logs/logsApi.ts';
import { page, telemetryRig } from '../start/telemetryRig.suite.ts';
import type { RedactRule } from './redactRule.ts';

const { start, collector, lines } = telemetryRig();
const secret = 'hunter2';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redaction-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Text of a protobuf message: its strings are readable in it. */
const textOf = (messages: readonly Buffer[]): string => Buffer.concat(messages).toString('latin1');

/** Puts the secret into every place, and returns what each exit has sent. */
async function exits(redact: readonly RedactRule[] | undefined): Promise<Record<string, string>> {
  const printed: string[] = [];
  const dir = vi.spyOn(console, 'dir').mockImplementation((each) => void printed.push(JSON.stringify(each)));
  const sink = await collector();
  const events = join(folder, 'events.jsonl');
  const telemetry = await start({
    otlp: { endpoint: sink.endpoint },
    resourceAttributes: { 'x.owner': `of ${secret}`, [`x.${secret}`]: 1 },
    environment: `env-${secret}`,
    telemetryOut: events,
    log: { destination: { write: (line) => void lines.push(line) }, otlp: true },
    env: { OTEL_TRACES_EXPORTER: 'otlp,console', OTEL_METRICS_EXPORTER: 'otlp,prometheus,console' },
    ...(redact && { redact }),
  } satisfies TelemetryOptions);
  const carrier: Record<string, string> = {};
  const baggage = propagation.createBaggage({ tenant: { value: `t ${secret}` }, [`k-${secret}`]: { value: 'v' } });
  context.with(propagation.setBaggage(ROOT_CONTEXT, baggage), () => {
    const tracer = trace.getTracer(`lib-${secret}`, `1.0-${secret}`);
    tracer.startActiveSpan(`pay ${secret}`, (span) => {
      propagation.inject(context.active(), carrier);
      span.setAttribute('a.text', `x ${secret}`).setAttribute('a.list', ['x', secret]).setAttribute(`key.${secret}`, 1);
      span.addEvent(`event ${secret}`, { 'e.text': secret });
      span.recordException(new Error(`failed with ${secret}`));
      span.addLink({ context: span.spanContext(), attributes: { 'l.text': secret } });
      span.setStatus({ code: SpanStatusCode.ERROR, message: `status ${secret}` });
      telemetry.logger.child({ binding: secret }).info({ user: { name: secret }, event: 'x', list: [secret] }, secret);
      telemetry.logger.error(new Error(`logged ${secret}`));
      telemetry.events.emit({
        event: 'launch',
        diagnostics: { missing_artifact: secret },
        [secret]: 1,
        other: [secret],
      });
      counted({ metric: 'work.calls', attributes: () => ({ user: secret }) }, () => {})();
      const meter = metrics.getMeter(`meter-${secret}`);
      meter.createCounter('jobs', { description: `of ${secret}` }).add(1, { user: secret });
      meter.createHistogram('sizes').record(1, { user: secret });
      meter.createObservableGauge('level').addCallback((result) => result.observe(1, { user: secret }));
      span.end();
    });
  });
  const api = (await logsApi(() => {})) as unknown as {
    getLogger(name: string): { emit(record: object): void };
  };
  api.getLogger(`logs-${secret}`).emit({ body: { deep: { text: secret } }, attributes: { 'r.text': [secret] } });
  const openMetrics = await fetch(telemetry.metricsUrl ?? '', { headers: { accept: 'application/openmetrics-text' } });
  const result = { page: await page(telemetry), openMetrics: await openMetrics.text(), sent: JSON.stringify(carrier) };
  await telemetry.shutdown();
  dir.mockRestore();
  return {
    ...result,
    traces: textOf(sink.traces),
    metrics: textOf(sink.metrics),
    logs: textOf(sink.logs),
    lines: lines.join(''),
    events: readFileSync(events, 'utf8'),
    printed: printed.join(''),
  };
}

describe('a secret in the name, attributes, events, links, status, scope and resource of spans, in lines, records, events, labels and baggage', () => {
  it('leaves at every exit without redaction', async () => {
    for (const [exit, text] of Object.entries(await exits(undefined))) expect(text, exit).toContain(secret);
  });

  it('leaves at no exit when it is masked', async () => {
    const all = await exits([{ mask: new RegExp(secret) }]);
    for (const [exit, text] of Object.entries(all)) {
      expect(text, exit).not.toContain(secret);
      expect(decodeURIComponent(text.replaceAll('%', '%25').replaceAll('%255B', '%5B')), exit).toContain('masked');
    }
    // What is not secret is still there.
    expect(all.traces).toContain('pay [masked]');
    expect(all.traces).toContain('failed with [masked]');
    expect(all.page).toMatch(
      /^work_calls_total\{code_function_name="anonymous",environment="env-\[masked]",user="\[masked]"} 1$/m,
    );
    expect(all.openMetrics).toMatch(/^jobs_total\{.*} 1 # \{trace_id="[0-9a-f]{32}",span_id="[0-9a-f]{16}"}/m);
    expect(all.lines).toContain('"user":{"name":"[masked]"}');
    expect(all.events).toContain('"missing_artifact":"[masked]"');
  });

  it('leaves at no exit when a rule throws for it', async () => {
    const replace = (value: string | number | boolean, name: string): typeof value => {
      if (`${value}${name}`.includes(secret)) throw new Error(secret);
      return value;
    };
    // Names of attributes are texts of patterns only.
    const all = await exits([{ replace }, { drop: [new RegExp(secret)] }]);
    for (const [exit, text] of Object.entries(all)) expect(text, exit).not.toContain(secret);
    expect(all.page).toMatch(/^benchlab_redaction_values_total\{benchlab_redaction_action="failed"} [1-9]/m);
  });

  it('leaves at no exit when nothing is allowed and texts are dropped', async () => {
    const places = ['span.name', 'span.status', 'event.name', 'log.body', 'scope.*', 'metric.description'];
    const all = await exits([{ allow: [] }, { drop: places }]);
    for (const [exit, text] of Object.entries(all)) expect(text, exit).not.toContain(secret);
  });
});

describe('series', () => {
  it('that become equal are merged and counted, on the page and over OTLP', async () => {
    const telemetry = await start({ redact: [{ drop: ['user'] }, { mask: /\d+/, names: ['path'] }] });
    const meter = metrics.getMeter('shop');
    const visits = meter.createCounter('visits');
    for (const user of ['a', 'b', 'c']) visits.add(2, { user, path: `/item/${user.charCodeAt(0)}` });
    meter.createHistogram('sizes', { advice: { explicitBucketBoundaries: [1, 2] } }).record(1, { user: 'a' });
    meter.createHistogram('sizes', { advice: { explicitBucketBoundaries: [1, 2] } }).record(2, { user: 'b' });

    await page(telemetry);
    const text = await page(telemetry);

    expect(text).toMatch(/^visits_total\{path="\/item\/\[masked]"} 6$/m);
    expect(text).toMatch(/^sizes_bucket\{le="1"} 1$/m);
    expect(text).toMatch(/^sizes_count 2$/m);
    expect(text).toMatch(/^benchlab_redaction_merged_series 3$/m);
    const { resourceMetrics } = await telemetry.collectMetrics();
    expect(JSON.stringify(resourceMetrics.scopeMetrics)).not.toContain('"user"');
  });
});

it('redacts what a line is that is no JSON, and drops it where a rule drops it', async () => {
  const { redactedLine } = await import('./redactedLogs.ts');
  const { Redactor } = await import('./redactor.ts');
  const masking = new Redactor([{ mask: /secret/ }]);
  expect(redactedLine('plain secret\n', masking)).toBe('plain [masked]\n');
  expect(redactedLine('"a secret"\n', masking)).toBe('"a [masked]"\n');
  expect(redactedLine('[1,"secret"]', masking)).toBe('[1,"[masked]"]');
  expect(redactedLine('plain\n', new Redactor([{ drop: ['log.line'] }]))).toBeUndefined();
});

it('keeps time, level and ids of a line in their form, and redacts them in any other', async () => {
  const { redactedFields } = await import('./redactedLogs.ts');
  const { Redactor } = await import('./redactor.ts');
  const redactor = new Redactor([{ mask: /\d/ }]);
  const own = { level: 'info', time: '2026-01-02T03:04:05.678Z', trace_id: '1'.repeat(32), span_id: '2'.repeat(16) };
  expect(redactedFields(own, redactor)).toEqual(own);
  const other = { level: 'a1', time: '2026', trace_id: '1', span_id: 3 };
  expect(JSON.stringify(redactedFields(other, redactor))).not.toMatch(/\d/);
});

it('redacts baggage also in a process whose telemetry is off', async () => {
  const telemetry = await start({ env: { OTEL_SDK_DISABLED: 'true' }, redact: [{ drop: ['tenant'] }] });
  const carrier: Record<string, string> = {};
  const baggage = propagation.createBaggage({ tenant: { value: 'x' }, other: { value: 'y' } });
  propagation.inject(propagation.setBaggage(ROOT_CONTEXT, baggage), carrier);
  expect(carrier.baggage).toBe('other=y');
  telemetry.logger.info({ tenant: 'x', other: 'y' }, 'a line');
  expect(lines.at(-1)).toContain('"other":"y"');
  expect(lines.at(-1)).not.toContain('tenant');
});

it('refuses wrong rules at the start, and leaves nothing running', async () => {
  await expect(start({ redact: [{ mask: /x*/ }] })).rejects.toThrow('redact[0].mask');
  await (await start()).shutdown();
});
