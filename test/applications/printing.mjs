// Telemetry that prints the name of each span that ends, and what its page has of durations.
import { startTelemetry } from '@benchlab-otel/node';

export async function startPrinting(enrichers = []) {
  const print = {
    name: 'print',
    spanEnded: ({ name }) => {
      console.log(`span ${name}`);
      return undefined;
    },
  };
  const telemetry = await startTelemetry({
    serviceName: 'shop',
    otlp: false,
    metricsPage: { port: 0 },
    log: { level: 'silent' },
    enrichers: [...enrichers, print],
  });
  return {
    async printPage() {
      const page = await (await fetch(telemetry.metricsUrl)).text();
      console.log(page.split('\n').find((line) => line.startsWith('benchlab_call_duration_seconds_count')));
    },
    shutdown: () => telemetry.shutdown(),
  };
}
