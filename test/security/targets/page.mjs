// A metrics page of some 5,000 series, with its own server (`page`) or within a server of the application (`handler`).
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { metricsPage } from '../../../packages/node/dist/index.js';
import { serve } from './bounded.mjs';

const require = createRequire(new URL('../../../packages/node/package.json', import.meta.url));
const { MeterProvider } = require('@opentelemetry/sdk-metrics');
const page = metricsPage({ port: 0 });
const provider = new MeterProvider({ readers: [page.reader] });
const gauge = provider.getMeter('app').createGauge('watts', { description: 'x'.repeat(100) });
for (let n = 0; n < 1900; n++) gauge.record(n + 1 / 3, { rail: `rail-${n}-${'x'.repeat(100)}` });
if (process.argv[2] === 'handler') {
  const server = createServer((request, response) => page.handler(request, response));
  server.listen(0, '127.0.0.1', () => serve({ port: server.address().port }));
} else {
  serve({ port: Number(new URL(await page.listen()).port) });
}
