import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metrics } from '@opentelemetry/api';
import { expect, it, onTestFinished } from 'vitest';
import type { TelemetryOptions } from '../config/telemetryOptions.ts';
import { telemetryRig } from '../start/telemetryRig.suite.ts';
import { alertsConfig } from './alertOptions.ts';

const rig = telemetryRig();

const rules = [
  { name: 'QueueLong', series: 'jobs_waiting', when: '> 10', severity: 'warning', summary: 'Too many jobs wait.' },
] as const;

it('startTelemetry({ alerts }) sends what fires and what is resolved, with labels as on the page', async () => {
  const messages: { status: string; alerts: { labels: Record<string, string> }[] }[] = [];
  let arrived = (): void => undefined;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    messages.push(JSON.parse(text));
    response.end();
    arrived();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const next = () => new Promise<void>((resolve) => (arrived = resolve));
  const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`; // it listens on TCP
  const options: TelemetryOptions = { node: 'bench-1', alerts: { rules, webhook, intervalMs: 1_000 } };
  const first = next();
  await rig.start(options);
  const gauge = metrics.getMeter('test').createGauge('jobs.waiting');
  gauge.record(11, { queue: 'a' });
  await first;
  const second = next();
  gauge.record(3, { queue: 'a' });
  await second;

  const labels = { alertname: 'QueueLong', severity: 'warning', queue: 'a', node: 'bench-1' };
  expect(messages).toMatchObject([
    { status: 'firing', alerts: [{ status: 'firing', labels, annotations: { value: '11' } }] },
    { status: 'resolved', alerts: [{ status: 'resolved', labels }] },
  ]);
  expect(rig.lines.some((line) => line.includes('The alert QueueLong fires: Too many jobs wait.'))).toBe(true);
});

it('an Alertmanager that takes a message and never answers gets one at a time, and keeps nothing from the others', async () => {
  const requests: string[] = [];
  const slow = createServer((request) => void requests.push(request.url ?? ''));
  const statuses: string[] = [];
  let arrived = (): void => undefined;
  const quick = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    statuses.push(JSON.parse(text).status);
    response.end();
    arrived();
  });
  const urls: string[] = [];
  for (const server of [slow, quick]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`); // it listens on TCP
  }
  const [alertmanager = '', webhook = ''] = urls;
  const next = () => new Promise<void>((resolve) => (arrived = resolve));
  const first = next();
  await rig.start({ alerts: { rules, alertmanagers: [alertmanager], webhook, intervalMs: 1_000 } });
  const gauge = metrics.getMeter('test').createGauge('jobs.waiting');
  gauge.record(11, { queue: 'a' });
  await first;
  const second = next();
  gauge.record(3, { queue: 'a' });
  await second;

  expect([statuses, requests]).toEqual([['firing', 'resolved'], ['/api/v2/alerts']]);
});

it.each([
  [{ rules }, 'alerts.webhook is undefined. It must be given, or alertmanagers'],
  [{ rules, webhook: 'ftp://user:password@host' }, 'alerts.webhook is not allowed.'],
  [{ rules, alertmanagers: ['127.0.0.1:9093'] }, 'alerts.alertmanagers[0] is not allowed.'],
  [{ rules, alertmanagers: 'http://a' as never }, 'alerts.alertmanagers'],
  [{ rules, webhook: 'http://a', webhookForm: 'teams' as never }, 'alerts.webhookForm'],
  [{ rules, webhook: 'http://a', intervalMs: 10 }, 'alerts.intervalMs'],
  [{ rules, webhook: 'http://a', tokenFile: '/no/such/file' }, 'alerts.tokenFile is "/no/such/file".'],
  [{ rules, webhook: 'http://a', rule: [] } as never, 'the nearest option is rules'],
])('wrong alerts are refused by name (case %#)', (options, message) => {
  expect(() => alertsConfig(options)).toThrow(message);
});
