import { expect, test } from 'vitest';
import { sdkParts } from './sdkParts.ts';

class Part {}
const tracing = { AlwaysOnSampler: Part, AlwaysOffSampler: Part, ParentBasedSampler: Part };
const metering = { MeterProvider: Part, MetricReader: Part };

/** Finds only the packages that are given. */
function installed(packages: Record<string, object>): (name: string) => unknown {
  return (name) => {
    const found = packages[name];
    if (found !== undefined) return found;
    throw Object.assign(new Error(`Cannot find module '${name}'\nRequire stack:\n- index.js`), {
      code: 'MODULE_NOT_FOUND',
    });
  };
}

test('the installed SDK of this lane has every part', () => {
  expect(Object.values(sdkParts()).map((part) => typeof part)).toEqual(Array(6).fill('function'));
});

test.each([
  ['@opentelemetry/sdk-trace', 'TracerProvider'],
  ['@opentelemetry/sdk-trace-node', 'BasicTracerProvider'],
  ['@opentelemetry/sdk-trace-base', 'BasicTracerProvider'],
])('%s alone is enough for spans', (name, provider) => {
  class Provider {}
  const parts = sdkParts(
    installed({ [name]: { ...tracing, [provider]: Provider }, '@opentelemetry/sdk-metrics': metering }),
  );
  expect(parts.TracerProvider).toBe(Provider);
});

test.each([
  [
    'without a tracing SDK',
    { '@opentelemetry/sdk-metrics': metering },
    /none of @opentelemetry\/sdk-trace, .* is installed/,
  ],
  [
    'no metrics SDK',
    { '@opentelemetry/sdk-trace': { ...tracing, TracerProvider: Part } },
    /@opentelemetry\/sdk-metrics is not installed/,
  ],
  [
    'one without a provider',
    { '@opentelemetry/sdk-trace': tracing, '@opentelemetry/sdk-metrics': metering },
    /2\.12 or newer is not installed/,
  ],
])('with %s, the error states what to install for the installed API', (_name, packages, what) => {
  const parts = () => sdkParts(installed(packages));
  expect(parts).toThrow(what);
  expect(parts).toThrow(/npm i -D @opentelemetry\/sdk-trace@[23] @opentelemetry\/sdk-metrics@[23]$/);
});

test('an SDK that is installed and broken reports its own error', () => {
  const broken = (name: string) => {
    throw Object.assign(new Error("Cannot find module '@opentelemetry/core'"), { code: 'MODULE_NOT_FOUND', name });
  };
  expect(() => sdkParts(broken)).toThrow("Cannot find module '@opentelemetry/core'");
});
