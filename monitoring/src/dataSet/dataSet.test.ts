import { prometheusLabel, prometheusName } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { registry } from '../registry.ts';
import { courseOf } from './course.ts';
import { type DataSeries, dataSeries } from './dataSeries.ts';
import { headOf, openMetrics } from './openMetrics.ts';
import { blockSeconds, blocks, dataEnd, dataStart, fineStart, instants, recordedBlocks } from './window.ts';

const all = dataSeries();
const byFamily = new Map<string, DataSeries[]>();
for (const series of all) {
  for (const name of new Set([series.name, series.name.replace(/_(bucket|sum|count)$/, '')])) {
    const known = byFamily.get(name);
    if (known === undefined) byFamily.set(name, [series]);
    else known.push(series);
  }
}

test('every metric of the registry has series', () => {
  const missing = registry.metrics.map(prometheusName).filter((name) => !byFamily.has(name));

  expect(missing).toEqual([]);
});

test('every metric has each value of its attributes whose values are a closed set', () => {
  const missing = registry.metrics.flatMap((metric) =>
    metric.attributes.flatMap((name) => {
      const definition = metric.vocabulary?.[name] ?? registry.attributes.find((each) => each.name === name);
      const found = valuesOf(prometheusName(metric), name);
      return (definition?.values ?? [])
        .filter((value) => !found.has(value))
        .map((value) => `${metric.name} ${name} ${value}`);
    }),
  );

  // A meter measures what it can: nvml has no processor, and no meter measures the board.
  const impossible = / (benchlab\.meter|benchlab\.power\.role) /;
  expect(missing.filter((each) => !impossible.test(each))).toEqual([]);
  expect(new Set(missing.map((each) => each.split(' ')[0]))).toEqual(
    new Set([
      'benchlab.current',
      'benchlab.disagreement',
      'benchlab.disagreement.age',
      'benchlab.disagreement.power',
      'benchlab.gpu.power.instant',
    ]),
  );
});

test('every attribute of a metric has a value on some series, and simulated is on one host and not on the other', () => {
  const found = new Set(all.flatMap(({ labels }) => Object.keys(labels)));
  const names = new Set(registry.metrics.flatMap(({ attributes }) => attributes));

  expect([...names].filter((name) => !found.has(prometheusLabel(name)))).toEqual(neverSet);
  expect(new Set(all.map(({ labels }) => `${labels.host_name} ${labels.benchlab_simulated}`))).toContain(
    'bench-b true',
  );
  expect(new Set(all.map(({ labels }) => `${labels.host_name} ${labels.benchlab_simulated}`))).not.toContain(
    'bench-a true',
  );
});

/** NVML has them on the log event of a GPU; no receiver puts them on series. */
const neverSet = ['hw.vendor', 'hw.serial_number', 'hw.driver_version', 'hw.firmware_version'];

function valuesOf(series: string, name: string): ReadonlySet<string | undefined> {
  return new Set(byFamily.get(series)?.map(({ labels }) => labels[prometheusLabel(name)]));
}

test('no two series are the same', () => {
  const heads = all.map(({ name, labels }) => headOf(name, Object.fromEntries(Object.entries(labels).sort())));

  const seen = new Set<string>();
  const twice = heads.filter((head) => seen.size === seen.add(head).size);
  expect(twice).toEqual([]);
});

test('no label has its own name for a value', () => {
  const named = all.flatMap(({ name, labels }) =>
    Object.entries(labels).flatMap(([label, value]) => (label === value ? [`${name} ${label}`] : [])),
  );

  expect(named).toEqual([]);
});

test('the values of an hour have the mean of their base, and are at the base at its end', () => {
  for (const key of ['a board', 'an operation', 'another one']) {
    const { level, addedUp } = courseOf(key);

    expect(Math.abs(addedUp(dataEnd - 3600, dataEnd))).toBeLessThan(1e-6);
    expect(Math.abs(level(dataEnd))).toBeLessThan(1e-9);
    expect(Math.max(...lastHour.map((instant) => Math.abs(level(instant))))).toBeGreaterThan(0.2);
  }
});

test('counters grow at every instant', () => {
  const falling = all
    .filter(({ name }) => /_(total|bucket|sum|count)$/.test(name))
    .filter((series) => {
      const values = lastHour.map(countAt(series));
      return values.some((value, index) => value < (values[index - 1] ?? value) - 1e-6);
    });

  expect(falling.map(({ name, labels }) => headOf(name, labels))).toEqual([]);
});

test('each bucket of a histogram has at least what the bucket below it has', () => {
  const bucketsOf = new Map<string, DataSeries[]>();
  for (const series of all.filter(({ name }) => name.endsWith('_bucket'))) {
    const { le: _, ...own } = series.labels;
    const head = headOf(series.name, own);
    bucketsOf.set(head, [...(bucketsOf.get(head) ?? []), series]);
  }
  for (const [head, buckets] of bucketsOf) {
    for (const instant of lastHour) {
      const counts = buckets.map((series) => countAt(series)(instant));
      expect(
        counts.every((count, index) => count >= (counts[index - 1] ?? 0) - 1e-6),
        `${head} at ${instant}`,
      ).toBe(true);
    }
  }
});

const lastHour = Array.from({ length: 15 }, (_, index) => dataEnd - 3600 + 240 * index);

/** As if its process had not restarted. */
function countAt({ at, process }: DataSeries): (instant: number) => number {
  const start = process.starts[0] ?? 0;
  return (instant) => (instant < start ? 0 : (at(instant - start, instant) ?? 0));
}

test('the data set stays small enough for blocks within a minute', () => {
  expect(all.length).toBeGreaterThan(2000);
  expect(all.length).toBeLessThan(8000);
});

test('samples are 5 minutes apart for a week and 15 seconds apart for the last 6 hours', () => {
  const times = blocks().flatMap(instants);

  expect(times[0]).toBe(dataStart);
  expect((times[1] ?? 0) - dataStart).toBe(300);
  expect(times.filter((time) => time >= fineStart)).toHaveLength((6 * 3600) / 15);
  expect(times.at(-1)).toBe(dataEnd - 15);
  expect(dataEnd % blockSeconds).toBe(0);
});

test('rules are recorded for the last 6 hours, and what panels compare with for the same hour of the day before', () => {
  const [yesterday, ...today] = recordedBlocks();

  expect(today.map(({ start, end }) => [start, end])).toEqual(blocks().filter(([start]) => start >= fineStart));
  expect(yesterday?.end).toBe(dataEnd - 86_400);
  expect(yesterday?.series.test('operation:benchlab_operation_energy_joules:mean15m')).toBe(true);
  // A rate over 5 minutes has one sample of a series there, and no value.
  expect(yesterday?.series.test('slo:errors:ratio_rate5m')).toBe(false);
});

test('a process that restarts has its counters at 0 again, and has no samples while it is lost', () => {
  const polls = all.find(
    ({ name, labels }) => name === 'benchlab_receiver_polls_total' && labels.instance === 'bench-b:9109',
  )!;
  const block = blocks().at(-2)!;
  const lost = blocks().at(-3)!;
  const head = headOf(polls.name, polls.labels);
  const valuesIn = (range: readonly [number, number]) =>
    [...openMetrics([polls], range)]
      .join('')
      .split('\n')
      .filter((line) => line.startsWith(`${head} `))
      .map((line) => Number(line.split(' ').at(-2)));

  const values = valuesIn(block);

  expect(values.filter((value, index) => value < (values[index - 1] ?? 0))).toHaveLength(1);
  expect(valuesIn(lost)).toHaveLength(480 - 600 / 15);
});

test('a value with a quote, a backslash and a line feed is escaped', () => {
  expect(headOf('a', { b: 'say "\\"\n' })).toBe('a{b="say \\"\\\\\\"\\n"}');
});
