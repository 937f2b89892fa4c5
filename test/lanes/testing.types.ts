// Checked by the compilers alone, against the published declarations: what the test kit accepts and refuses.
import { metric, SampleHistory } from '@benchlab-otel/sdk';
import {
  CollectedSamples,
  type InMemoryTelemetry,
  inMemoryTelemetry,
  ManualClock,
  matchRecorded,
  matchSpan,
  simulatedSource,
  type TelemetryMatchers,
  telemetryMatchers,
  trialSpan,
} from '@benchlab-otel/sdk/testing';

export const telemetry: InMemoryTelemetry = inMemoryTelemetry({
  sampled: true,
  // A processor of an SDK takes spans of that SDK.
  spanProcessors: [
    {
      onStart: (span: { setAttribute(name: string, value: string): void }) => span.setAttribute('tenant', 'acme'),
      onEnd: () => {},
      forceFlush: async () => {},
      shutdown: async () => {},
    },
  ],
});
const clock = new ManualClock();
const source = simulatedSource({ clock, watts: (timeNs) => ({ system: timeNs / 1e9 }) });
export const started: Promise<void> = source.start(new SampleHistory());
export const sample: number | undefined = new CollectedSamples().readings('hw.power')[0]?.value;
export const exported: Promise<object> = trialSpan({ name: 'none' }, { name: 'checkout', clock }).end({ items: 3 });
export const matches: boolean[] = [
  matchSpan(telemetry.spans(), { name: /^check/, status: 'error', parent: null, attributes: { items: 3 } }).pass,
  matchRecorded([], metric.hwPower, { value: { count: 2, sum: { asymmetricMatch: () => true } } }).pass,
];

interface Assertion<T> extends TelemetryMatchers<T> {}
export const assertion: (it: Assertion<void>) => void = (it) => it.toHaveSpan({ name: 'checkout' });
export const { toHaveSpan } = telemetryMatchers;

// @ts-expect-error a status is a word
matchSpan([], { status: 2 });
// @ts-expect-error there is no such expectation
matchSpan([], { atributes: {} });
// @ts-expect-error a metric has a name
matchRecorded([], 7);
// @ts-expect-error a role of power, in watts
simulatedSource({ clock, watts: { sytem: 1 } });
// @ts-expect-error a clock is needed
trialSpan({ name: 'none' }, { name: 'checkout' });
