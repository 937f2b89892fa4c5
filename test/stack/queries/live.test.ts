// What real programs serve: an emulated board by three paths, node_exporter, the collector, Alertmanager and Prometheus itself.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { substituted } from '../../../monitoring/src/execution/chosen.ts';
import { namedQueries } from '../../../monitoring/src/queries.ts';
import { type Bench, startBench } from '../bench.ts';
import { freePorts, startServer, until } from '../process.ts';
import { startAlertmanager } from '../servers.ts';
import { placeOf } from './places.ts';
import { bounds } from './shapeFaults.ts';

/** Every variable of every dashboard that is asked here, with everything chosen, and a short time range. */
const choice: Readonly<Record<string, string>> = {
  ...Object.fromEntries(namedQueries().flatMap(({ place }) => ('variable' in place ? [[place.variable, '.*']] : []))),
  primary: 'rust',
  before: '0s',
  __rate_interval: '5s',
  __interval: '1s',
  __range: '30s',
  __range_s: '30',
};
/** Dashboards of what runs here, and queries of them that nothing here answers. */
const boards = ['bench-host', 'fleet', 'collector-fleet', 'stack'];
const queries = namedQueries()
  .filter(({ dashboard, place, language }) => boards.includes(dashboard) && 'panel' in place && language === 'promql')
  .map((query) => [placeOf(query), query] as const);

const stops: (() => Promise<unknown>)[] = [];
let bench: Bench;
let served: ReadonlySet<string>;
beforeAll(async () => {
  bench = await startBench();
  stops.push(() => bench.stop());
  const [port] = await freePorts(1);
  const node = await startServer({
    program: 'node_exporter',
    args: () => [`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'],
    readyUrl: `http://127.0.0.1:${port}/metrics`,
  });
  stops.push(node.stop);
  const alertmanager = await startAlertmanager('route:\n  receiver: none\nreceivers:\n  - name: none\n');
  stops.push(alertmanager.stop);
  await bench.prometheus.scrape({
    services: new URL(bench.telemetry.metricsUrl ?? '').host,
    'collector-exporter': bench.collector.scrapeTarget,
    collector: bench.collector.telemetryTarget,
    node: `127.0.0.1:${port}`,
    alertmanager: alertmanager.target,
    prometheus: new URL(bench.prometheus.url).host,
  });
  await until('every target to be up', async () => (await bench.prometheus.query('sum(up) == 6')).length === 1);
  // A rate needs two scrapes of a target; a series may be there from the second one on.
  await until(
    'three scrapes of every target',
    async () => (await bench.prometheus.query('count(sum_over_time(up[5s]) >= 3) == 6')).length === 1,
  );
  const response = await fetch(`${bench.prometheus.url}/api/v1/label/__name__/values`);
  served = new Set(((await response.json()) as { data: string[] }).data);
});
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

test.each(queries)('%s works on what real programs serve', async (_, { expr, returns }) => {
  const expression = substituted(expr, choice);
  const asked = [...expression.matchAll(/\b([a-zA-Z_:][\w:]*)\{/g)].map(([, name]) => name ?? '');
  const isServed = asked.length > 0 && asked.every((name) => served.has(name));

  const series = await bench.prometheus.query(expression);

  const lines = series.map(({ labels }) => JSON.stringify(labels));
  expect(new Set(lines).size).toBe(lines.length);
  // A quantile of no values is not a number, and Grafana draws nothing.
  const numbers = expression.includes('histogram_quantile') ? [] : series;
  expect(numbers.filter(({ value }) => Number.isNaN(value))).toEqual([]);
  for (const label of new Set(series.flatMap(({ labels }) => Object.keys(labels)))) {
    expect(returns.labels).toContain(label);
  }
  // A program that has all of the series may have none with the labels that are asked for; of a selector without any it has.
  const isPlain = [...expression.matchAll(/\{([^}]*)\}/g)].every(([, matchers = '']) =>
    /^(\w+=~"\.\*",?)*$/.test(matchers),
  );
  if (isServed && isPlain && bounds(returns).min > 0 && !/[<>=]=? ?\d|\/|offset|\[(?!5s|30s)/.test(expression)) {
    expect(series.length).toBeGreaterThan(0);
  }
});

test('most queries of these dashboards have series', async () => {
  const results = await Promise.all(
    queries.map(async ([, { expr }]) => (await bench.prometheus.query(substituted(expr, choice))).length),
  );

  expect(results.filter((count) => count > 0).length / results.length).toBeGreaterThan(0.5);
});

test('a rail that arrives by three paths is one line, not three', async () => {
  const [, railPower] = queries.find(([place]) => place.startsWith('bench-host: Power of the rails'))!;
  const expression = substituted(railPower.expr, choice);
  await until('all three paths', async () => {
    const paths = await bench.prometheus.query('count(hw_power_watts{hw_sensor_location="EPS1"}) == 3');
    return paths.length > 0;
  });

  const series = await bench.prometheus.query(expression);

  expect(series.filter(({ labels }) => labels.hw_sensor_location === 'EPS1')).toHaveLength(1);
  expect(series.filter(({ labels }) => /_W\d$/.test(labels.hw_sensor_location ?? ''))).toEqual([]);
});
