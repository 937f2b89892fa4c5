import { type InMemoryTelemetry, inMemoryTelemetry, telemetryMatchers } from '@benchlab-otel/sdk/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Shop } from './shop.ts';

expect.extend(telemetryMatchers);
let telemetry: InMemoryTelemetry;
beforeEach(() => {
  telemetry = inMemoryTelemetry();
});
afterEach(() => telemetry.shutdown());

test('a marked method is a span with its child and its duration', async () => {
  expect(await new Shop().buy(100)).toBe(100);
  expect(telemetry.spans().map(({ name }) => name)).toEqual(['pay', 'buy']);
  expect(await telemetry.metrics()).toHaveRecorded('shop.buy.duration', { value: { count: 1 } });
});
