import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTelemetry } from '@benchlab-otel/node';
import { metrics, trace } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { until } from './process.ts';
import { startCollector } from './servers.ts';

const secret = 'hunter2';

test('a secret in spans, series, lines and the resource is in none of the output of the collector', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-redaction-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'all.json');
  const pipelines = ['traces', 'metrics', 'logs'];
  const collector = await startCollector({
    more: [
      `yaml:exporters::file::path: ${file}`,
      ...pipelines.map((signal) => `yaml:service::pipelines::${signal}::exporters: [file]`),
    ],
  });
  onTestFinished(collector.stop);
  const telemetry = await startTelemetry({
    serviceName: 'redacted',
    resourceAttributes: { 'x.owner': secret },
    otlp: { endpoint: collector.otlpGrpc },
    metricsPage: false,
    log: { otlp: true, destination: { write: () => {} } },
    redact: [{ mask: new RegExp(secret) }, { drop: ['user.email'] }],
    env: {},
  });
  onTestFinished(async () => void (await telemetry.shutdown()));

  const span = trace.getTracer(`lib-${secret}`).startSpan(`pay ${secret}`, { attributes: { 'x.text': secret } });
  span.setAttribute('user.email', 'ada@example.com');
  span.recordException(new Error(secret));
  span.end();
  metrics.getMeter('shop').createCounter('shop.visits').add(1, { user: secret });
  telemetry.logger.info({ user: { email: 'ada@example.com', name: secret } }, `a line of ${secret}`);
  await telemetry.flush();

  const text = await until('all signals in the file', async () => {
    const written = await readFile(file, 'utf8').catch(() => '');
    return ['pay [masked]', 'shop.visits', 'a line of [masked]'].every((each) => written.includes(each)) && written;
  });
  expect(text).not.toContain(secret);
  expect(text).not.toContain('ada@example.com');
});
