import { diag, trace } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { page, telemetryRig } from '../start/telemetryRig.suite.ts';

const { start, collector, warnings } = telemetryRig();
const valid = `${'a'.repeat(32)}-${'b'.repeat(16)}`;
afterEach(() => diag.disable());

it('marks, counts and logs a span that judges without a valid provenance, by whichever API it was made', async () => {
  const sink = await collector();
  const telemetry = await start({ otlp: { endpoint: sink.endpoint }, env: { OTEL_METRICS_EXPORTER: 'prometheus' } });
  const tracer = trace.getTracer('any');
  tracer.startSpan('verify.run').end();
  tracer.startSpan('review.feedback', { attributes: { 'provenance.id': 'nonsense' } }).end();
  tracer
    .startSpan('compliance.evidence', { attributes: { 'provenance.id': `${'0'.repeat(32)}-${'0'.repeat(16)}` } })
    .end();
  tracer.startSpan('verify.run', { attributes: { 'provenance.id': valid } }).end();
  tracer.startSpan('another').end();

  expect(await page(telemetry)).toMatch(
    /^benchlab_record_faults_total\{benchlab_record_fault="missing_provenance"} 3$/m,
  );
  await telemetry.shutdown();
  const sent = Buffer.concat(sink.traces).toString('latin1');
  expect(sent.match(/provenance\.missing/g)).toHaveLength(3);
  expect(warnings().map(({ msg }) => msg)).toEqual([
    expect.stringContaining("the 'provenance.id' of verify.run does not name a span"),
  ]);
});

it('does not count a span twice that was marked when it started', async () => {
  const telemetry = await start();
  trace
    .getTracer('any')
    .startSpan('verify.run', { attributes: { 'provenance.missing': true } })
    .end();
  expect(await page(telemetry)).not.toContain('missing_provenance');
});

it('takes a provenance that an enricher adds', async () => {
  const telemetry = await start({ enrichers: [{ name: 'x', spanEnded: () => ({ 'provenance.id': valid }) }] });
  trace.getTracer('any').startSpan('verify.run').end();
  expect(await page(telemetry)).not.toContain('missing_provenance');
});
