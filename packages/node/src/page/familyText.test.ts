import type { Attributes } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';
import { gauge, pageText, rendered, setUp } from './pageText.suite.ts';
import { readPage } from './readPage.suite.ts';

describe('the page about itself', () => {
  it('names the metrics that have overflowed, and reports what to do', async () => {
    const reports: string[] = [];
    const { meter, read } = setUp({}, {}, { report: (message) => void reports.push(message) });
    const jobs = meter().createCounter('jobs');
    for (let i = 0; i < 2100; i += 1) jobs.add(1, { id: i });
    meter().createCounter('calm').add(1);
    const { values } = await read();
    expect(values).toMatchObject({
      'jobs_total{otel_metric_overflow=true}': 101,
      'benchlab_page_overflow{benchlab_metric=jobs_total}': 1,
    });
    expect(Object.keys(values).filter((series) => series.startsWith('benchlab_page_overflow'))).toHaveLength(1);
    expect(reports).toEqual([expect.stringMatching(/^jobs_total has more attribute sets/)]);
  });

  it('names the library that a series is from, if the option asks for it', async () => {
    const { provider, read } = setUp({}, {}, { hasScopeLabels: true });
    const shared = { a: 'b' };
    provider.getMeter('one', '1.0', { schemaUrl: 'http://x' }).createCounter('jobs').add(1, shared);
    provider.getMeter('two').createCounter('jobs').add(2, shared);
    for (let i = 0; i < 2; i += 1) {
      expect((await read()).values).toMatchObject({
        'jobs_total{a=b,otel_scope_name=one,otel_scope_schema_url=http://x,otel_scope_version=1.0}': 1,
        'jobs_total{a=b,otel_scope_name=two}': 2,
      });
    }
  });
});

describe('between two scrapes', () => {
  const histogram = (count: number, sum: number, startSeconds = 0): MetricData =>
    ({
      ...gauge('h', {}, 1),
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: [
        {
          attributes: same,
          value: { count, sum, buckets: { boundaries: [1], counts: [count, 0] } },
          startTime: [startSeconds, 0],
          endTime: [1, 0],
        },
      ],
    }) as MetricData;
  const same = {};
  const page = pageText();
  const shown = (...metrics: MetricData[]) =>
    readPage(rendered(page, { resource: emptyResource(), scopeMetrics: [{ scope: producer, metrics }] })).values;
  const producer = { name: 'producer' };
  const gauges = (values: Readonly<Record<string, number>>): MetricData =>
    ({
      ...gauge('g', {}, 0),
      dataPoints: Object.entries(values).map(([id, value]) => ({
        attributes: attributesOf(id),
        value,
        startTime: [0, 0],
        endTime: [0, 0],
      })),
    }) as MetricData;
  const known = new Map<string, Attributes>();
  /** The same object for the same series, as in the SDK. */
  const attributesOf = (id: string) => {
    const attributes = known.get(id) ?? { id };
    known.set(id, attributes);
    return attributes;
  };

  it('a series that changes is written again, and others keep their text', () => {
    expect(shown(histogram(1, 5))).toMatchObject({ 'h_count{}': 1, 'h_sum{}': 5 });
    expect(shown(histogram(1, 5))).toMatchObject({ 'h_count{}': 1, 'h_sum{}': 5 });
    expect(shown(histogram(2, 5))).toMatchObject({ 'h_count{}': 2, 'h_bucket{le=1}': 2 });
    expect(shown(histogram(2, 6))).toMatchObject({ 'h_sum{}': 6 });
  });

  it('series come, go and change places, and each keeps its value', () => {
    const scrapes = [
      { a: 1, b: 2, c: 3 },
      { b: 2, c: 0 },
      { d: 4, b: 5, c: Number.NaN },
      { c: 1, d: 4, b: 5, a: 0 },
    ];
    for (const values of scrapes) {
      const series = Object.fromEntries(Object.entries(values).map(([id, value]) => [`g{id=${id}}`, value]));
      expect(Object.fromEntries(Object.entries(shown(gauges(values))).filter(([key]) => key[0] === 'g'))).toEqual(
        series,
      );
    }
  });

  it('other work can run each time the pace is over', () => {
    let nowMs = 0;
    const pace = new Pace(4, () => (nowMs += 1));
    const many = Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`n${i}`, i]));
    let turns = 0;
    const scopeMetrics = [{ scope: producer, metrics: [gauges(many)] }];
    for (const _ of pageText().render({ resource: emptyResource(), scopeMetrics }, pace)) {
      if (!pace.isSpent()) continue;
      turns += 1;
      pace.restart();
    }
    expect(turns).toBeGreaterThan(30);
  });
});
