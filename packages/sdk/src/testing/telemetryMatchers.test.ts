import { metrics } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withSpan } from '../api/withSpan.ts';
import { type InMemoryTelemetry, inMemoryTelemetry } from './inMemoryTelemetry.ts';
import { type TelemetryMatchers, telemetryMatchers } from './telemetryMatchers.ts';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration that this extends has it so.
  interface Matchers<T = any> extends TelemetryMatchers<T> {}
}

expect.extend(telemetryMatchers);

let telemetry: InMemoryTelemetry;
beforeEach(() => {
  telemetry = inMemoryTelemetry();
});
afterEach(() => telemetry.shutdown());

test('the matchers find the spans and metrics that are there, and no others', async () => {
  withSpan('checkout', () => withSpan('price', () => 0));
  metrics.getMeter('shop').createCounter('shop.orders').add(1, { tier: 'gold' });
  expect(telemetry.spans()).toHaveSpan({ name: 'price', parent: 'checkout', status: 'unset' });
  expect(telemetry.spans()).not.toHaveSpan({ name: 'price', parent: null });
  expect(await telemetry.metrics()).toHaveRecorded('shop.orders', { value: 1, attributes: { tier: 'gold' } });
  expect(await telemetry.metrics()).not.toHaveRecorded('shop.refunds');
});

test('a failure has the message with the nearest candidates', () => {
  withSpan('checkout', () => 0);
  expect(() => expect(telemetry.spans()).toHaveSpan({ name: 'chekout' })).toThrow(
    /The 1 that were recorded differ; the nearest:\n {2}'checkout'/,
  );
  expect(() => expect(telemetry.spans()).not.toHaveSpan({ name: 'checkout' })).toThrow(/there are 1:\n {2}'checkout'/);
});

test('a forgotten await and a wrong subject are errors, under .not too', () => {
  expect(() => expect(telemetry.metrics()).not.toHaveRecorded('x')).toThrow('expect(await telemetry.metrics())');
  expect(() => expect(telemetry).toHaveSpan({})).toThrow('expect(telemetry.spans()).toHaveSpan(…)');
});
