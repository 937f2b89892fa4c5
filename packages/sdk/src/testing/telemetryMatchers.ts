import type { Match } from './match.ts';
import { type ExpectedPoint, type MetricName, matchRecorded } from './matchRecorded.ts';
import { type ExpectedSpan, matchSpan } from './matchSpan.ts';
import type { RecordedMetric } from './recordedMetrics.ts';
import type { RecordedSpan } from './recordedSpan.ts';

/** For the types of your framework: `declare module 'vitest' { interface Matchers<T> extends TelemetryMatchers<T> {} }` */
export interface TelemetryMatchers<R = unknown> {
  /** For `telemetry.spans()`. */
  toHaveSpan(expected: ExpectedSpan): R;
  /** For `await telemetry.metrics()`. */
  toHaveRecorded(metric: MetricName, expected?: ExpectedPoint): R;
}

/**
 * Matchers for Vitest and Jest.
 *
 * @example
 * expect.extend(telemetryMatchers);
 * expect(telemetry.spans()).toHaveSpan({ name: 'checkout', status: 'unset' });
 * expect(await telemetry.metrics()).toHaveRecorded('shop.orders', { value: 1 });
 */
export const telemetryMatchers: {
  toHaveSpan(spans: unknown, expected: ExpectedSpan): Match;
  toHaveRecorded(metrics: unknown, metric: MetricName, expected?: ExpectedPoint): Match;
} = {
  toHaveSpan(spans, expected) {
    return matchSpan(listed<RecordedSpan>(spans, 'expect(telemetry.spans()).toHaveSpan(…)'), expected);
  },
  toHaveRecorded(metrics, metric, expected) {
    const form = 'expect(await telemetry.metrics()).toHaveRecorded(…)';
    return matchRecorded(listed<RecordedMetric>(metrics, form), metric, expected);
  },
};

/** A forgotten `await` must not look like a missing metric: with `.not` the test would pass. */
function listed<T>(received: unknown, form: string): readonly T[] {
  if (!Array.isArray(received)) throw new TypeError(`This matcher is used as ${form}.`);
  return received;
}
