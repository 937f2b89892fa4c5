// The application of most folders here: a marked class, a span of a function, the page of metrics, and an enricher that
// prints each span. It has no top-level await, so that it compiles to CommonJS too.
import { startTelemetry } from '@benchlab-otel/node';
import { Observed, withSpan } from '@benchlab-otel/sdk';

class Shop {
  @Observed
  async buy(cents: number): Promise<number> {
    return await withSpan('pay', async () => cents);
  }
}

async function main(): Promise<void> {
  const telemetry = await startTelemetry({
    serviceName: 'shop',
    otlp: false,
    metricsPage: { port: 0 },
    log: { level: 'silent' },
    enrichers: [
      {
        name: 'print',
        spanEnded(span) {
          console.log(`span ${span.name}, child of ${span.parentSpanId === undefined ? 'nothing' : 'another'}`);
          return undefined;
        },
      },
    ],
  });
  console.log(`bought for ${await new Shop().buy(100)}`);
  const page = await (await fetch(telemetry.metricsUrl ?? '')).text();
  const counts = page.split('\n').filter((line) => line.startsWith('benchlab_call_duration_seconds_count'));
  console.log(counts.join('\n'));
  const { droppedSpans } = await telemetry.shutdown();
  console.log(`dropped ${droppedSpans}`);
}

void main();
