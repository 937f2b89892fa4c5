// All packages again, with another API next to them.
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);
const installed = dirname(dirname(require.resolve('@benchlab-otel/core').replace(/\/dist\/.*/, '')));
for (const scope of ['@benchlab-otel', '@opentelemetry', 'pino', '@grpc']) {
  cpSync(`${installed}/${scope}`, `main/node_modules/${scope}`, { recursive: true, dereference: true });
}
cpSync(require.resolve('api18').replace(/\/build\/.*/, ''), 'main/node_modules/@opentelemetry/api', {
  recursive: true,
});
// Its imports are looked for from its own place.
cpSync('printing.mjs', 'main/printing.mjs');
