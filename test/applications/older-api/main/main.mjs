import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { observed } from '@benchlab-otel/sdk';
import { startPrinting } from './printing.mjs';

console.log('API', versionOf('@opentelemetry/api'));
const telemetry = await startPrinting();
console.log(
  `bought ${observed('buy', function buy() {
    return 1;
  })()}`,
);
await telemetry.printPage();
await telemetry.shutdown();

function versionOf(name) {
  const folder = createRequire(import.meta.url)
    .resolve(name)
    .replace(/\/build\/.*/, '');
  return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).version;
}
