import { spanEnergy } from '@benchlab-otel/enrichers';
import { hostReceiver } from '@benchlab-otel/hw-receivers';
import { startTelemetry } from '@benchlab-otel/node';
import { SampleHistory } from '@benchlab-otel/sdk';
import { Shop } from './shop';

test('a service starts with its page, an enricher and a receiver that reads in a thread, and stops', async () => {
  const history = new SampleHistory();
  const telemetry = await startTelemetry({
    serviceName: 'shop',
    otlp: false,
    metricsPage: { port: 0 },
    log: { level: 'silent' },
    receivers: [hostReceiver()],
    consumers: [history],
    enrichers: [spanEnergy(history)],
  });
  await new Shop().buy(100);
  let page = '';
  // The thread reads every second; the limit of the test is the limit of the wait.
  while (!/^system_memory_/m.test(page)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    page = await (await fetch(telemetry.metricsUrl ?? '')).text();
  }
  expect(page).toContain('shop_buy_duration_seconds_count{code_function_name="Shop.buy"} 1');
  expect(await telemetry.shutdown()).toEqual({ droppedSpans: 0, timedOut: false });
}, 60_000);
