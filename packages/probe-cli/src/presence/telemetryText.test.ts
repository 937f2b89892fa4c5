import type { Observed } from '@benchlab-otel/analysis';
import { expect, it } from 'vitest';
import { pipelineRun } from './pipelineRun.suite.ts';
import { readTelemetry } from './readTelemetry.ts';
import { telemetryText } from './telemetryText.ts';

const details = { startedAt: '2026-01-01T00:00:00.000Z', lost: {} };

function again(
  observed: Observed,
  ...rest: Parameters<typeof telemetryText> extends [unknown, unknown, ...infer R] ? R : never
) {
  return readTelemetry('t.json', telemetryText(observed, details, ...rest));
}

it('comes back as it was, with times from the first span', () => {
  const run = pipelineRun();

  const { observed, lost } = again(run);

  expect(observed.series).toEqual(run.series);
  expect(observed.logs).toEqual(run.logs);
  expect(observed.spans.map(({ name }) => name)).toEqual(run.spans.map(({ name }) => name));
  expect(observed.spans.map(({ attributes }) => attributes)).toEqual(run.spans.map(({ attributes }) => attributes));
  expect(observed.spans[1]?.endNs).toBeCloseTo(40e6, 0);
  expect(lost).toEqual({});
});

it('keeps what JSON has no number for', () => {
  const points = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => ({
    labels: { at: String(value) },
    value,
    exemplars: 0,
  }));
  const series: Observed['series'] = [{ name: 'a', type: 'gauge', points }];

  expect(again({ series, spans: [], logs: [] }).observed.series).toEqual(series);
});

it('leaves out what is beyond its bounds, and states how much', () => {
  const run = pipelineRun();

  const { observed, lost } = again(run, { items: 3, characters: 1e6 });
  const short = again(run, { items: 100, characters: 1000 });

  expect(observed.spans).toHaveLength(3);
  expect(lost).toEqual({
    series: 'not in the saved file: 4 label sets',
    spans: 'not in the saved file: 5 spans',
    logs: 'not in the saved file: 2 log records',
  });
  expect(short.lost.logs).toBe('not in the saved file: 5 log records');
});

it('adds what is left out to what was lost before', () => {
  const text = telemetryText(
    pipelineRun(),
    { ...details, lost: { spans: 'lost: 7 spans' } },
    { items: 7, characters: 1e6 },
  );

  expect(readTelemetry('t.json', text).lost).toEqual({
    spans: 'lost: 7 spans, and not in the saved file: 1 span',
  });
});
