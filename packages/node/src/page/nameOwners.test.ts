import { emptyResource } from '@opentelemetry/resources';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { NameOwners } from './nameOwners.ts';
import { pageNames } from './pageNames.ts';
import { gauge, pageText, rendered, setUp } from './pageText.suite.ts';

const typesOf = (page: string) =>
  (page.match(/^# TYPE (?!benchlab_).*/gm) ?? []).map((line) => line.slice('# TYPE '.length));

it('the type of a family stays while the process runs: the first that was shown keeps the name', async () => {
  const { meter, text } = setUp();
  const late = meter('one').createHistogram('pool');
  meter('two').createGauge('pool').record(7);
  expect(typesOf(await text())).toEqual(['pool gauge']);
  late.record(1);
  const page = await text();
  expect(typesOf(page)).toEqual(['pool gauge']);
  expect(page).toContain('pool 7\n');
  expect(page).toContain('benchlab_page_dropped_metrics 1\n');
});

it('a family keeps its name also while it has no points', async () => {
  const names = pageNames('UnderscoreEscapingWithSuffixes', 'underscores');
  const owners = new NameOwners(names);
  const first = setUp({}, {}, { names, owners });
  first.meter().createGauge('pool').record(1);
  await first.text();
  const second = setUp({}, {}, { names, owners });
  second.meter().createHistogram('pool').record(1);
  expect(typesOf(await second.text())).toEqual([]);
});

it('a counter keeps its type in OpenMetrics: a later gauge with its stem is left out, in both formats', async () => {
  const names = pageNames('UnderscoreEscapingWithSuffixes', 'underscores');
  const owners = new NameOwners(names);
  const { meter, text } = setUp({}, {}, { names, owners, isOpenMetrics: true });
  meter().createCounter('jobs').add(1);
  expect(typesOf(await text())).toEqual(['jobs counter']);
  meter().createGauge('jobs').record(5);
  meter().createGauge('jobs.created').record(5);
  const page = await text();
  expect(typesOf(page)).toEqual(['jobs counter']);
  expect(page).toContain('benchlab_page_dropped_metrics 2\n');
});

it('of a gauge and a counter with one stem in one scrape, both are shown, in either order', async () => {
  for (const isGaugeFirst of [true, false]) {
    const { meter, text } = setUp({}, {}, { isOpenMetrics: true });
    if (!isGaugeFirst) meter().createCounter('jobs').add(1);
    meter().createGauge('jobs').record(5);
    if (isGaugeFirst) meter().createCounter('jobs').add(1);
    expect(typesOf(await text()).toSorted()).toEqual(['jobs gauge', 'jobs_total unknown']);
    expect(typesOf(await text()).toSorted()).toEqual(['jobs gauge', 'jobs_total unknown']);
  }
});

it.each(['created', 'count', 'sum', 'bucket'])(
  'a gauge with the suffix %s of a histogram is left out',
  async (suffix) => {
    const { meter, text } = setUp({}, {}, { isOpenMetrics: true });
    meter().createHistogram('latency').record(1);
    meter().createGauge(`latency.${suffix}`).record(1);
    expect(typesOf(await text())).toEqual(['latency histogram']);
  },
);

it('target_info stays an info or a gauge: the name `target` belongs to the first that had it', async () => {
  const early = setUp({}, { 'service.name': 'shop' }, { isOpenMetrics: true });
  early.meter().createGauge('target').record(1);
  expect(typesOf(await early.text())).toEqual(['target_info gauge', 'target gauge']);
  const late = setUp({}, { 'service.name': 'shop' }, { isOpenMetrics: true });
  await late.text();
  late.meter().createGauge('target').record(1);
  late.meter().createCounter('target').add(1);
  expect(typesOf(await late.text())).toEqual(['target info', 'target_total unknown']);
});

it('a counter of whose name only the suffix is left is left out', () => {
  const counter = { ...gauge('_total', {}, 1), dataPointType: DataPointType.SUM, isMonotonic: true } as MetricData;
  const page = pageText({ names: pageNames('NoTranslation', 'underscores') });
  const scopeMetrics = [{ scope: { name: 'app' }, metrics: [counter] }];
  expect(typesOf(rendered(page, { resource: emptyResource(), scopeMetrics }))).toEqual([]);
});
