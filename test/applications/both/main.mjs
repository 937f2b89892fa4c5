import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import * as sdk from '@benchlab-otel/sdk';
import { inMemoryTelemetry } from '@benchlab-otel/sdk/testing';
import * as lib from './lib.cjs';

const require = createRequire(import.meta.url);
console.log('import and require() have one copy:', lib.sdk.Span === sdk.Span);

// What a tool loads that does not know the condition module-sync.
const installed = require.resolve('@benchlab-otel/sdk').replace(/sdk\/dist\/.*/, 'sdk');
const commonJs = require(`${installed}/cjs/dist/index.js`);
console.log('the builds are two copies:', commonJs.Span !== sdk.Span);

const telemetry = inMemoryTelemetry();
class Shop {
  buy() {
    return lib.charge();
  }
  ping() {}
}
const mark = (decorator, key) =>
  Object.defineProperty(
    Shop.prototype,
    key,
    decorator(Shop.prototype, key, Object.getOwnPropertyDescriptor(Shop.prototype, key)),
  );
mark(sdk.Span, 'buy');
mark(commonJs.Untraced, 'ping');
commonJs.Traced(Shop);
sdk.Traced(Shop);
new Shop().ping();
try {
  commonJs.withSpan('order', () => new Shop().buy());
} catch (error) {
  console.log('thrown:', error.message);
}
for (const { name, events } of telemetry.spans()) console.log(`span ${name}, exceptions ${events.length}`);

// A choice for the whole process counts for both.
commonJs.recordExceptions('none');
try {
  sdk.withSpan('silent', () => lib.charge());
} catch {}
const silent = telemetry.spans().filter(({ name }) => name === 'silent');
console.log('exceptions after recordExceptions("none"):', silent[0].events.length);

// One shutdown closes the calls of both.
const endless = () => new PassThrough();
const results = [sdk.spanned('waits here', endless)(), commonJs.spanned('waits there', endless)()];
sdk.closeOpenCalls();
for (const each of results) each.destroy();
console.log(
  'closed:',
  telemetry
    .spans()
    .slice(-2)
    .map(({ name }) => name)
    .join(', '),
);
await telemetry.shutdown();
