import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { get, setUp } from './metricsPage.suite.ts';
import { metricsPage } from './metricsPage.ts';
import type { MetricsPageOptions } from './pageOptions.ts';

it('the handler answers in a server of the application, at any path', async () => {
  const { page, meter } = await setUp();
  meter.createCounter('orders').add(1);
  const server = createServer((request, response) => page.handler(request, response)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect((await get(`http://127.0.0.1:${port}/internal/stats`)).body.toString()).toContain('orders_total 1\n');
});

it.each<[MetricsPageOptions, RegExp]>([
  [{ port: -1 }, /port/],
  [{ port: 65536 }, /port/],
  [{ port: 1.5 }, /port/],
  [{ path: 'metrics' }, /path/],
  [{ timeoutMs: 0 }, /timeoutMs/],
  [{ token: 'x', tokenFile: 'y' }, /tokenFile/],
  [{ token: '' }, /token/],
  [{ token: 'two words' }, /token(?!.*two words)/],
  [{ tls: { certFile: 'x', keyFile: '' } }, /tls/],
  [{ translationStrategy: 'None' as 'NoTranslation' }, /translationStrategy/],
  [{ constantLabels: { le: 'x' } }, /constantLabels/],
  [{ constantLabels: { 'a.b': 'x' } }, /constantLabels/],
  [{ constantLabels: { __name__: 'x' } }, /constantLabels/],
])('refuses %j when it is made', (options, named) => {
  expect(() => metricsPage(options)).toThrow(named);
});
