import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { startTelemetry } from '@benchlab-otel/node';
import { observed } from '@benchlab-otel/sdk';

console.log('API', versionOf('@opentelemetry/api'));
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
  enrichers: [print],
});
console.log(
  `bought ${observed('buy', function buy() {
    return 1;
  })()}`,
);
const page = await (await fetch(telemetry.metricsUrl)).text();
console.log(page.split('\n').find((line) => line.startsWith('benchlab_call_duration_seconds_count')));
await telemetry.shutdown();

function versionOf(name) {
  const folder = createRequire(import.meta.url)
    .resolve(name)
    .replace(/\/build\/.*/, '');
  return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).version;
}
