import { startTelemetry } from '@benchlab-otel/node';
import * as own from '@benchlab-otel/sdk';
import { EnricherRegistry, sdk as other } from './library/index.js';

console.log('two copies:', own.Span !== other.Span);
const fields = new EnricherRegistry({ signals: ['metric'] });
fields.register('tenant', () => ({ 'tenant.id': 'acme' }));
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
  enrichers: [fields, print],
});
const buy = own.observed(
  'buy',
  other.spanned('inner', function inner() {
    return 1;
  }),
);
console.log(`bought ${buy()}`);
await new Promise((resolve) => setImmediate(resolve));
const page = await (await fetch(telemetry.metricsUrl)).text();
console.log(page.split('\n').find((line) => line.startsWith('benchlab_call_duration_seconds_count')));
await telemetry.shutdown();
