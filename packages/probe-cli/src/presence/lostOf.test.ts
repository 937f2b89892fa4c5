import { SignalStore } from '@benchlab-otel/analysis';
import { expect, it } from 'vitest';
import { lostOf } from './lostOf.ts';

const { received } = new SignalStore({
  clock: { nowNs: () => 0, anchor: () => ({ timeNs: 0, epochNs: 0n, uncertaintyNs: 0 }), at: () => () => undefined },
});
const observed = { series: [] };
const loss = { lostSpans: 0, isComplete: true, causes: [] };

it('finds nothing where nothing is missing', () => {
  expect(lostOf({ received, observed })).toEqual({});
  expect(lostOf({ received, observed, loss })).toEqual({});
});

it('names what was refused and dropped, of each signal', () => {
  const some = { refusedRequests: 2, refusedSpanRequests: 1, droppedSpans: 3, invalidSpans: 1, droppedLogRecords: 5 };

  expect(lostOf({ received: { ...received, ...some }, observed })).toEqual({
    spans: 'lost: 4 spans and what was in 2 refused requests',
    series: 'lost: what was in 2 refused requests',
    logs: 'lost: 5 log records and what was in 2 refused requests',
  });
});

it.each([
  [{ lostSpans: 2, causes: ['2 with error.type timeout'] }, 'lost: 2 spans of the program (2 with error.type timeout)'],
  [{ lostSpans: 1, causes: ['x'], isComplete: false }, 'lost: at least 1 span of the program (x)'],
  [{ unsentSpans: 1 }, 'lost: up to 1 span at process.exit()'],
  [{ sampling: 'a sampler left out 9 spans' }, 'counts are of a part: a sampler left out 9 spans'],
  [{ unsentSpans: 2, sampling: 'a sampler' }, 'lost: up to 2 spans at process.exit(); counts are of a part: a sampler'],
])('names what a program states of its spans: %j', (more, spans) => {
  expect(lostOf({ received, observed, loss: { ...loss, ...more } })).toEqual({ spans });
});

it('names what a program states of its metrics and log records', () => {
  const counter = (name: string) => ({
    name,
    type: 'counter' as const,
    points: [{ labels: { error_type: 'timeout' }, value: 3, exemplars: 0 }],
  });
  const series = ['span', 'log', 'metric_data_point'].map((item) =>
    counter(`otel_sdk_exporter_${item}_exported_total`),
  );

  expect(lostOf({ received, observed: { series } })).toEqual({
    series: 'lost: 3 data points of the program (timeout)',
    logs: 'lost: 3 log records of the program (timeout)',
  });
});
