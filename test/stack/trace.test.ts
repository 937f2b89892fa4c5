import { SampleHistory } from '@benchlab-otel/core';
import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { spanEnergy } from '@benchlab-otel/enrichers';
import { benchlabReceiver } from '@benchlab-otel/hw-receivers';
import { startTelemetry } from '@benchlab-otel/node';
import { Span } from '@benchlab-otel/sdk';
import { expect, onTestFinished, test } from 'vitest';
import { until } from './process.ts';
import { startCollector, startJaeger } from './servers.ts';

interface JaegerSpan {
  readonly operationName: string;
  readonly tags: readonly { readonly key: string; readonly value: unknown }[];
}

class Checkout {
  @Span('checkout.pay')
  async pay(milliseconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}

test('a decorated span arrives in Jaeger with the joules that the emulated board measured', async () => {
  const jaeger = await startJaeger();
  onTestFinished(jaeger.stop);
  const collector = await startCollector({ tracesEndpoint: jaeger.otlpGrpc });
  onTestFinished(collector.stop);
  const board = await emulateBoard({ product: 'bl2', bench: constantBench() });
  onTestFinished(() => board.close());
  const history = new SampleHistory();
  const telemetry = await startTelemetry({
    serviceName: 'checkout',
    otlp: { endpoint: collector.otlpGrpc },
    metricsPage: false,
    receivers: [benchlabReceiver({ ports: [board.path] })],
    consumers: [history],
    enrichers: [spanEnergy(history)],
    log: { level: 'silent' },
    env: { OTEL_METRICS_EXPORTER: 'none' },
  });
  onTestFinished(async () => void (await telemetry.shutdown()));
  await until('samples of the board', () => {
    const source = history.sources[0];
    return source && history.periodNs(source.id) !== undefined;
  });

  await new Checkout().pay(1000);
  await telemetry.flush();

  const span = await until('the span in Jaeger', () => findSpan(jaeger.url, 'checkout', 'checkout.pay'));
  const tags = Object.fromEntries(span.tags.map(({ key, value }) => [key, value]));
  // 323.6 W for a second and a little: what constantBench() says that the whole host draws.
  expect(tags['benchlab.energy.system.joules']).toBeGreaterThan(310);
  expect(tags['benchlab.energy.system.joules']).toBeLessThan(420);
  expect(tags).toMatchObject({
    'benchlab.energy.boundary': 'dc_rails',
    'benchlab.energy.method': 'direct',
    'benchlab.energy.source': board.uid,
    'benchlab.simulated': true,
  });
  expect(tags['benchlab.energy.system.stderr']).toBeGreaterThanOrEqual(0);
});

async function findSpan(url: string, service: string, name: string): Promise<JaegerSpan | undefined> {
  const response = await fetch(`${url}/api/traces?service=${service}`);
  const { data } = (await response.json()) as { data: readonly { readonly spans: readonly JaegerSpan[] }[] | null };
  return (data ?? []).flatMap(({ spans }) => spans).find(({ operationName }) => operationName === name);
}
