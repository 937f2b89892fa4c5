import { once } from 'node:events';
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@benchlab-otel/core';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { expect, test } from 'vitest';
import { CollectorWatch } from '../../packages/node/src/export/collectorWatch.ts';
import { exportedSpans } from '../../packages/node/src/export/exportedSignal.ts';
import { ExportQueue } from '../../packages/node/src/export/exportQueue.ts';
import { otlpSpanExporter } from '../../packages/node/src/export/otlpExporters.ts';
import { queueingSpanProcessor } from '../../packages/node/src/export/queueingProcessors.ts';
import { retryInfo, statusWith } from '../../packages/node/src/export/retryInfo.suite.ts';
import { seeded } from '../../packages/node/src/page/randomMetrics.suite.ts';

const plans = 10;
const spansOfPlan = 600;
const batch = 50;
const states = ['well', 'throttles', 'throttles with a time', 'resets', 'hangs', 'restarts'] as const;

/** A collector that speaks gRPC over real connections, in trouble by a plan: it throttles, resets, hangs and restarts. */
async function troubledCollector(random: () => number) {
  let state: (typeof states)[number] = 'well';
  let isHealed = false;
  const names = new Set<string>();
  const sessions = new Set<ServerHttp2Session>();
  const seen = new Set<string>();
  const open = async (port: number) => {
    const opened = createServer();
    opened.on('session', (session) => {
      sessions.add(session);
      session.on('error', () => {}).on('close', () => sessions.delete(session));
    });
    opened.on('stream', (stream) => void answer(stream));
    opened.listen(port, '127.0.0.1');
    await once(opened, 'listening');
    return opened;
  };
  let server = await open(0);
  const { port } = server.address() as AddressInfo;
  const cut = (): void => sessions.forEach((session) => void session.destroy());

  async function answer(stream: ServerHttp2Stream): Promise<void> {
    stream.on('error', () => {});
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(stream, 'end').catch(() => {});
    if (!isHealed && random() < 0.5) state = states[Math.floor(random() * states.length)] ?? 'well';
    seen.add(state);
    if (state === 'hangs') return;
    if (state === 'resets') return cut();
    if (state === 'restarts') return restart();
    const isThrottled = state !== 'well';
    const details = Buffer.from(statusWith(retryInfo({ nanos: BigInt(Math.round(random() * 3e8)) })));
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () =>
      stream.sendTrailers({
        'grpc-status': isThrottled ? '8' : '0',
        ...(state === 'throttles with a time' && { 'grpc-status-details-bin': details.toString('base64') }),
      }),
    );
    if (isThrottled) {
      stream.end();
      return;
    }
    for (const [name] of Buffer.concat(chunks)
      .toString('latin1')
      .matchAll(/plan-\d+-span-\d+/g))
      names.add(name);
    stream.end(Buffer.alloc(5)); // an empty message: all was accepted
  }

  async function restart(): Promise<void> {
    state = 'well';
    const closed = new Promise((resolve) => server.close(resolve));
    cut();
    await closed;
    server = await open(port);
  }

  return {
    endpoint: `http://127.0.0.1:${port}`,
    names,
    seen,
    heal(): void {
      isHealed = true;
      state = 'well';
    },
    async close(): Promise<void> {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test(`every span arrives or is counted over real gRPC, in ${plans} seeded plans of a collector in trouble`, async () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= plans; seed += 1) {
    const random = seeded(seed);
    const collector = await troubledCollector(random);
    const silent = { info() {}, warn() {}, error() {} } as unknown as ConstructorParameters<typeof CollectorWatch>[1];
    const exporter = otlpSpanExporter({ endpoint: collector.endpoint, headers: {}, timeoutMs: 400 });
    const queue = new ExportQueue(exporter, {
      clock: systemClock,
      signal: exportedSpans,
      maxQueueSize: 400,
      maxExportBatchSize: batch,
      scheduledDelayMs: 20,
      exportTimeoutMs: 4_000,
      maxInFlight: 3,
      watch: new CollectorWatch(collector.endpoint, silent, systemClock),
    });
    const provider = new NodeTracerProvider({ spanProcessors: [queueingSpanProcessor(queue)] });
    const tracer = provider.getTracer('plans');
    for (let k = 0; k < spansOfPlan; k += 1) {
      tracer.startSpan(`plan-${seed}-span-${k}`).end();
      if (random() < 0.05) await new Promise((resolve) => setTimeout(resolve, random() * 100));
    }
    collector.heal();
    await queue.forceFlush();

    const count = (name: string) =>
      queue
        .counts()
        .filter(({ definition, attributes }) => definition.name === name && attributes?.['error.type'] !== undefined)
        .reduce((sum, { value }) => sum + value, 0);
    const lost = count('otel.sdk.processor.span.processed') + count('otel.sdk.exporter.span.exported');
    expect(queue.acknowledged + lost, `plan ${seed}`).toBe(spansOfPlan);
    // A span whose acknowledgement got lost on the way is counted as lost, and has arrived.
    expect(collector.names.size, `plan ${seed}`).toBeGreaterThanOrEqual(queue.acknowledged);
    for (const state of collector.seen) seen.add(state);
    await provider.shutdown();
    await collector.close();
  }
  expect([...seen].toSorted()).toEqual([...states].toSorted());
}, 240_000);
