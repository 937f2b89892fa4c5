import type { Clock } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, it } from 'vitest';
import { approximateBytes } from './approximateBytes.ts';
import { SignalStore, type SignalStoreOptions } from './signalStore.ts';

const clock = new ManualClock();
const start = clock.anchor().epochNs + 1_000_000_001n;
const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });

function spansRequest(from: number, to: number, attributes: readonly object[] = []) {
  const spans = Array.from({ length: to - from }, (_, k) => ({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: (from + k + 1).toString(16).padStart(16, '0'),
    name: 'checkout',
    startTimeUnixNano: `${start}`,
    endTimeUnixNano: `${start + 5n}`,
    attributes,
  }));
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}
const logsRequest = (...bodies: string[]) => ({
  resourceLogs: [{ scopeLogs: [{ logRecords: bodies.map((stringValue) => ({ body: { stringValue } })) }] }],
});
const metricsRequest = (...values: number[]) => ({
  resourceMetrics: [
    {
      scopeMetrics: [
        {
          metrics: values.map((asDouble) => ({
            name: 'load',
            gauge: { dataPoints: [{ timeUnixNano: `${start}`, asDouble }] },
          })),
        },
      ],
    },
  ],
});

it('translates the times of a request by the wall clock of its arrival: a step of that clock moves no span after it', () => {
  const anchors = [1_700_000_000n, 1_699_996_400n].map((seconds, k) => ({
    timeNs: k * 5e9,
    epochNs: seconds * 1_000_000_000n,
    uncertaintyNs: 0,
  }));
  let now = 0;
  const stepping: Clock = {
    nowNs: () => 0,
    anchor: () => anchors[now] ?? clock.anchor(),
    at: () => () => undefined,
  };
  const store = new SignalStore({ clock: stepping });
  const request = (spanId: string, epochNs: bigint) => ({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId: '0af7651916cd43dd8448eb211c80319c',
                spanId,
                startTimeUnixNano: `${epochNs - 2_000_001n}`,
                endTimeUnixNano: `${epochNs - 1n}`,
              },
            ],
          },
        ],
      },
    ],
  });

  // The clock goes back by an hour between the two.
  for (const spanId of ['00f067aa0ba902b7', '00f067aa0ba902b8']) {
    store.accept('traces', request(spanId, stepping.anchor().epochNs));
    now = 1;
  }

  expect(store.spans.map(({ endNs }) => Math.round(endNs))).toEqual([-1, 5e9 - 1]);
  expect(store.spans.map(({ startNs, endNs }) => Math.round(endNs - startNs))).toEqual([2e6, 2e6]);
});

it('keeps the first spans up to its number, and counts the others', () => {
  const store = new SignalStore({ clock, spans: { items: 3 } });

  store.accept('traces', spansRequest(0, 2));
  store.accept('traces', spansRequest(1, 6));

  expect(store.spans.map(({ spanId }) => Number.parseInt(spanId, 16))).toEqual([1, 2, 3]);
  expect(store.received).toMatchObject({ spans: 3, repeatedSpans: 1, droppedSpans: 3 });
});

it('keeps the first spans up to its bytes, and counts the others', () => {
  const one = new SignalStore({ clock });
  one.accept('traces', spansRequest(0, 1, [attribute('text', 'x'.repeat(5000))]));
  const [span] = one.spans;
  const bytes = approximateBytes(span); // with its resource and scope, which are small and count once
  const store = new SignalStore({ clock, spans: { bytes: 3 * bytes } });

  store.accept('traces', spansRequest(0, 5, [attribute('text', 'x'.repeat(5000))]));

  expect(bytes).toBeGreaterThan(5000);
  expect(store.received).toMatchObject({ spans: 3, droppedSpans: 2 });
});

it.each([
  ['spans', 'items', Number.NaN],
  ['spans', 'bytes', -1],
  ['metricPoints', 'items', 1.5],
  ['metricPoints', 'bytes', Number.POSITIVE_INFINITY],
  ['logRecords', 'items', '5'],
])('refuses the bound %s.%s = %j', (signal, bound, value) => {
  expect(() => new SignalStore({ clock, [signal]: { [bound]: value } })).toThrow(
    new RegExp(`^${signal}\\.${bound} is .*It must be a whole number of at least 0`),
  );
});

it('takes the default where a bound is undefined', () => {
  const store = new SignalStore({
    clock,
    spans: { items: 2, bytes: undefined },
    logRecords: { items: undefined, bytes: 10_000 },
  } as object as SignalStoreOptions);

  store.accept('traces', spansRequest(0, 3));
  store.accept('logs', logsRequest('a'));

  expect(store.received).toMatchObject({ spans: 2, droppedSpans: 1, logRecords: 1, droppedLogRecords: 0 });
  const spans = { items: undefined } as object;
  expect(() => new SignalStore({ clock, spans })).not.toThrow();
});

it('keeps spans of two traces that have the same span id', () => {
  const store = new SignalStore({ clock });
  const request = spansRequest(0, 1);
  const other = spansRequest(0, 1);
  for (const span of other.resourceSpans[0]?.scopeSpans[0]?.spans ?? []) span.traceId = 'f'.repeat(32);

  store.accept('traces', request);
  store.accept('traces', other);
  store.accept('traces', other);

  expect(store.received).toMatchObject({ spans: 2, repeatedSpans: 1 });
});

it('keeps the newest data points and log records, and counts the others', () => {
  const store = new SignalStore({ clock, metricPoints: { items: 2 }, logRecords: { items: 2 } });

  for (let n = 0; n < 5; n++) {
    store.accept('metrics', metricsRequest(n));
    store.accept('logs', logsRequest(`line ${n}`));
  }

  expect(store.metricPoints).toMatchObject([{ value: 3 }, { value: 4 }]);
  expect(store.logRecords.map(({ body }) => body)).toEqual(['line 3', 'line 4']);
  expect(store.received).toMatchObject({ metrics: 5, droppedMetricPoints: 3, logRecords: 5, droppedLogRecords: 3 });
});

it('bounds log records by their bytes too', () => {
  const store = new SignalStore({ clock, logRecords: { bytes: 10_000 } });

  store.accept('logs', logsRequest('a'.repeat(6000), 'b'.repeat(6000), 'c'));

  expect(store.logRecords.map(({ body }) => String(body)[0])).toEqual(['b', 'c']);
  expect(store.received.droppedLogRecords).toBe(1);
});

it.each(['spans', 'metricPoints', 'logRecords'] as const)(
  'counts the resources and scopes of %s, each once, into the bytes',
  (signal) => {
    const store = new SignalStore({ clock, [signal]: { bytes: 20_000 } });
    const [metrics, logs] = [metricsRequest(1, 2), logsRequest('a', 'b')];
    for (const [k, from] of ['a', 'b', 'c', 'd'].entries()) {
      const resource = { attributes: [attribute('host.name', from.repeat(4000))] };
      const scope = { name: from.repeat(4000) };
      const of = <Scope extends object>(scopes: readonly Scope[] = []) => scopes.map((each) => ({ ...each, scope }));
      const ownSpans = spansRequest(2 * k, 2 * k + 2).resourceSpans[0]?.scopeSpans;
      store.accept('traces', { resourceSpans: [{ resource, scopeSpans: of(ownSpans) }] });
      const [metric] = metrics.resourceMetrics;
      store.accept('metrics', { resourceMetrics: [{ resource, scopeMetrics: of(metric?.scopeMetrics) }] });
      store.accept('logs', { resourceLogs: [{ resource, scopeLogs: of(logs.resourceLogs[0]?.scopeLogs) }] });
    }
    const kept = store[signal].map(({ scope }) => scope.name[0]);

    expect(kept.join('')).toBe(signal === 'spans' ? 'aabb' : 'ccdd');
  },
);

it('takes nothing of a request that is malformed in its middle', () => {
  const store = new SignalStore({ clock });
  const half = spansRequest(0, 2);
  half.resourceSpans[0]?.scopeSpans[0]?.spans.push('rubbish' as never);

  expect(() => store.accept('traces', half)).toThrow(TypeError);
  expect(store.received).toMatchObject({ requests: 0, spans: 0 });
});
