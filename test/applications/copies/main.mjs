import * as own from '@benchlab-otel/sdk';
import { EnricherRegistry, sdk as other } from './library/index.js';
import { startPrinting } from './printing.mjs';

console.log('two copies:', own.Span !== other.Span);
const fields = new EnricherRegistry({ signals: ['metric'] });
fields.register('tenant', () => ({ 'tenant.id': 'acme' }));
const telemetry = await startPrinting([fields]);
const buy = own.observed(
  'buy',
  other.spanned('inner', function inner() {
    return 1;
  }),
);
console.log(`bought ${buy()}`);
await new Promise((resolve) => setImmediate(resolve));
await telemetry.printPage();
await telemetry.shutdown();
