import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { currentLogger, withSpan } from '@benchlab-otel/sdk';
import { type InMemoryTelemetry, inMemoryTelemetry } from '@benchlab-otel/sdk/testing';
import * as api from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

/** What scripts/test-lanes.mjs says this lane is. */
interface Lane {
  readonly node: string;
  readonly sdk: string;
  readonly api: string;
  /** Where these tests and the packed core lie. */
  readonly stage: string;
  /** The folder whose node_modules the lane uses, and that of the other SDK line. */
  readonly folder: string;
  readonly otherFolder: string;
}

const lane: Lane = JSON.parse(process.env.BENCHLAB_LANE ?? '{}');
const isSdk3 = lane.sdk?.startsWith('3.');
const require = createRequire(import.meta.url);

/** The package that an import from a module would get: its version, and where it lies. */
function resolved(name: string, from: string): { version: string; path: string } {
  const path = createRequire(from).resolve(name);
  const folder = path.slice(0, path.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length);
  return { version: JSON.parse(readFileSync(`${folder}package.json`, 'utf8')).version, path };
}

describe('this lane', () => {
  test('runs on its Node', () => {
    expect(process.versions.node).toBe(lane.node);
  });

  test('has one API, its own, for the core, the SDK and these tests', async () => {
    const core = require.resolve('@benchlab-otel/sdk');
    expect(core.startsWith(`${lane.stage}/packages/sdk/dist/`)).toBe(true);
    // The core's own tests import it by path, and get the same modules.
    const source = '../packages/sdk/src/index.ts';
    expect((await import(source)).withSpan).toBe(withSpan);
    const sdk = ['@opentelemetry/sdk-trace', '@opentelemetry/sdk-metrics'].map((name) => resolved(name, core));
    expect(sdk.map(({ version }) => version)).toEqual([lane.sdk, lane.sdk]);
    const users = [core, fileURLToPath(import.meta.url), ...sdk.map(({ path }) => path)];
    const seen = new Map(users.map((user) => resolved('@opentelemetry/api', user)).map((each) => [each.path, each]));
    expect([...seen.values()].map(({ version }) => version)).toEqual([lane.api]);
    for (const { path } of [...sdk, ...seen.values()])
      expect(path.startsWith(`${lane.folder}/node_modules/`)).toBe(true);
  });
});

describe('telemetry', () => {
  let telemetry: InMemoryTelemetry;
  beforeEach(() => {
    telemetry = inMemoryTelemetry();
  });
  afterEach(() => telemetry.shutdown());

  test('of the packed core reaches the SDK of this lane', () => {
    withSpan('seen', () => 1);
    expect(telemetry.span('seen').scope).toBe('@benchlab-otel/sdk');
  });

  // The ranges of the two SDK lines do not overlap, and the API refuses a global that is older than itself. This is why
  // the core names the API as a peer, from 1.9 on, and never as a dependency.
  const other: typeof api = createRequire(`${lane.otherFolder}/package.json`)('@opentelemetry/api');
  const isRecorded = () => {
    const span = other.trace.getTracer('a library with its own API').startSpan('other');
    span.end();
    return telemetry.spans().some(({ name }) => name === 'other');
  };

  test(
    isSdk3 ? 'of a library on API 1.9 is seen by SDK 3' : 'of a library on API 1.10 is lost by SDK 2, without a word',
    () => {
      expect(isRecorded()).toBe(isSdk3);
      expect(telemetry.diagnostics).toEqual([]);
    },
  );
});

describe('the logger', () => {
  const { LoggerProvider } = require('@opentelemetry/sdk-logs');
  const logs = Reflect.get(api, 'logs') ?? require('@opentelemetry/api-logs').logs;
  let telemetry: InMemoryTelemetry;
  beforeAll(() => {
    telemetry = inMemoryTelemetry();
  });
  afterAll(async () => {
    logs.disable();
    await telemetry.shutdown();
  });

  test('before an SDK is registered takes records to nowhere, or is not there', () => {
    expect(() => currentLogger()?.emit({ body: 'not received' })).not.toThrow();
  });

  test('is that of the registered SDK, with the active span', () => {
    const records: { body: string; eventName: string; spanContext: api.SpanContext }[] = [];
    const onEmit = (record: (typeof records)[number]) => records.push(record);
    const nothing = async () => {};
    const processors = [{ onEmit, forceFlush: nothing, shutdown: nothing }];
    logs.setGlobalLoggerProvider(new LoggerProvider({ processors }));
    withSpan('opening', () => currentLogger()?.emit({ eventName: 'shop.opened', severityNumber: 9, body: 'open' }));
    expect(records).toMatchObject([{ eventName: 'shop.opened', severityNumber: 9, body: 'open' }]);
    expect(records[0]?.spanContext.spanId).toBe(telemetry.span('opening').spanId);
  });
});
