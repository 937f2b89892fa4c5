import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';

const exporter = new InMemorySpanExporter();
const sdk = new NodeSDK({
  serviceName: 'shop',
  spanProcessors: [new SimpleSpanProcessor({ exporter })],
  metricReaders: [],
  // Spans wait for what is detected, and this program does not.
  autoDetectResources: false,
  instrumentations: [getNodeAutoInstrumentations()],
});
sdk.start();

async function main(): Promise<void> {
  // Loaded after the start: instrumentations change what is loaded later.
  const { createServer } = require('node:http') as typeof import('node:http');
  const { Shop } = require('./shop') as typeof import('./shop');
  const shop = new Shop();
  const server = createServer((_, response) => void shop.buy(100).then((cents) => response.end(`${cents}`)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  console.log(`bought for ${await answer.text()}`);
  await new Promise((resolve) => server.close(resolve));
  const spans = exporter.getFinishedSpans();
  for (const name of ['pay', 'Shop.buy', 'GET']) {
    const span = spans.find((each) => each.name === name);
    const parent = spans.find((each) => each.spanContext().spanId === span?.parentSpanContext?.spanId);
    console.log(`${name} is ${span === undefined ? 'missing' : `below ${parent?.name ?? 'nothing'}`}`);
  }
  await sdk.shutdown();
}

void main();
