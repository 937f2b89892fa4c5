import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts, until } from './process.ts';
import { startCollector, startJaeger } from './servers.ts';

test('a span that the collector accepted survives a store that is away and a collector that is killed', async () => {
  const stateFolder = await mkdtemp(join(tmpdir(), 'benchlab-queues-'));
  onTestFinished(() => rm(stateFolder, { recursive: true, force: true }));
  const [jaegerPort] = await freePorts(1);
  const tracesEndpoint = `127.0.0.1:${jaegerPort}`;
  const killed = await startCollector({ tracesEndpoint, stateFolder });
  onTestFinished(killed.kill);

  const accepted = await sendSpan(killed.otlpHttp);
  await killed.kill();
  const jaeger = await startJaeger(jaegerPort);
  onTestFinished(jaeger.stop);
  const restarted = await startCollector({ tracesEndpoint, stateFolder });
  onTestFinished(restarted.stop);

  expect(accepted.status).toBe(200);
  const services = await until('the span in Jaeger', async () => {
    const { data } = (await (await fetch(`${jaeger.url}/api/services`)).json()) as { data: string[] | null };
    return data?.includes('survivor') && data;
  });
  expect(services).toContain('survivor');
});

test('a message that is too large is refused and the collector goes on', async () => {
  const collector = await startCollector({});
  onTestFinished(collector.stop);

  const refused = await fetch(`${collector.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: ' '.repeat(9 * 1024 * 1024),
  });

  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect((await sendSpan(collector.otlpHttp)).status).toBe(200);
});

/** One span in OTLP's JSON form, so that no SDK has a queue of its own. */
function sendSpan(otlpHttp: string): Promise<Response> {
  const startMs = Date.now();
  const span = {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    name: 'survives',
    kind: 1,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 1}000000`,
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'survivor' } }] };
  return fetch(`${otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  });
}
