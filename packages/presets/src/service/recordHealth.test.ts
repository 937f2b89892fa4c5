import { type InMemoryTelemetry, inMemoryTelemetry } from '@benchlab-otel/sdk/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pointsOf } from '../testing/points.suite.ts';
import { recordHealth } from './recordHealth.ts';

let telemetry: InMemoryTelemetry;
beforeEach(() => {
  telemetry = inMemoryTelemetry();
});
afterEach(() => telemetry.shutdown());

test('the status that the latest health check found is 1, and the others are 0', async () => {
  recordHealth('healthy');
  recordHealth('degraded');
  expect(await pointsOf(telemetry, 'sidepanel.health.status')).toEqual({
    '{"status":"healthy"}': 0,
    '{"status":"degraded"}': 1,
    '{"status":"unhealthy"}': 0,
  });
});
