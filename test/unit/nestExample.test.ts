import type { AddressInfo } from 'node:net';
import { metrics, trace } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

interface App {
  listen(port: number, host: string): Promise<{ address(): AddressInfo }>;
  close(): Promise<void>;
}

// The example as tsc has compiled it: NestJS injects by the types of parameters, which other compilers do not emit.
const compiled = new URL('../../examples/nest/dist/app.js', import.meta.url).href;
const exporter = new InMemorySpanExporter();
let app: App;
let url: string;

beforeAll(async () => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
  metrics.setGlobalMeterProvider(new MeterProvider());
  const { createApp } = (await import(compiled)) as { createApp(): Promise<App> };
  app = await createApp();
  const server = await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${server.address().port}/orders`;
});
afterAll(async () => {
  await app.close();
  trace.disable();
  metrics.disable();
});
beforeEach(() => exporter.reset());

async function get(path: string, role?: string): Promise<[status: number, body: unknown]> {
  const response = await fetch(`${url}/${path}`, { headers: role === undefined ? {} : { 'x-role': role } });
  return [response.status, await response.json()];
}
const spans = () => exporter.getFinishedSpans().map(({ name, status }) => [name, status.code]);

test.each(['total', '1'])(
  'the guard still reads the roles of /orders/%s, and a refused call makes no span',
  async (path) => {
    expect((await get(path))[0]).toBe(403);
    expect((await get(path, 'customer'))[0]).toBe(403);
    expect(spans()).toEqual([]);
  },
);

test('a handler is a span, and the method that it calls one beneath it', async () => {
  expect(await get('1', 'clerk')).toEqual([200, { id: '1', cents: 100 }]);
  const [inner, outer] = exporter.getFinishedSpans();
  expect([inner?.name, outer?.name]).toEqual(['Orders.find', 'OrdersController.find']);
  expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
});

test('a handler that returns an observable is a span until that completes', async () => {
  expect(await get('total', 'manager')).toEqual([200, { cents: 600, orders: 3 }]);
  expect(spans()).toEqual([
    ['Orders.all', 0],
    ['OrdersController.total', 0],
  ]);
});

test('an order that is not there is an error of the method and expected by the handler', async () => {
  expect((await get('99', 'clerk'))[0]).toBe(404);
  expect(spans()).toEqual([
    ['Orders.find', 2],
    ['OrdersController.find', 0],
  ]);
});
