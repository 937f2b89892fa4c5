import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { until } from './process.ts';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets: readonly { readonly refId: string; readonly expr: string }[];
}

/** The files that Grafana is given. */
const folder = new URL('../../monitoring/grafana/dashboards/', import.meta.url);
const queries = readdirSync(folder).flatMap((file) => {
  const { panels } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { panels: readonly Panel[] };
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ refId, expr }) => ({ query: `${file}: ${title} ${refId}`, expr })),
  );
});

/** What Grafana writes for its variables with everything chosen, and for a short time range. */
const grafana: Readonly<Record<string, string>> = {
  $__rate_interval: '5s',
  $__range: '30s',
  $job: '.*',
  $instance: '.*',
  $board: '.*',
};

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench?.stop());

test('there are panels to ask for', () => {
  expect(queries.length).toBeGreaterThan(5);
});

test.each(queries)('$query returns series from a real Prometheus', async ({ expr }) => {
  const expression = Object.entries(grafana).reduce((text, [name, value]) => text.replaceAll(name, value), expr);

  const series = await until(`series of ${expression}`, () => bench.prometheus.query(expression));

  // However many ways a rail came, it is one line.
  const lines = series.map(({ labels }) => JSON.stringify(labels));
  expect(new Set(lines).size).toBe(lines.length);
  expect(series.filter(({ value }) => Number.isNaN(value))).toEqual([]);
  expect(expression).not.toContain('$');
});

test('a rail that arrives by three paths is one line, not three', async () => {
  const railPower = queries.find(({ query }) => query.includes('Power of the rails'))!;
  const expression = Object.entries(grafana).reduce(
    (text, [name, value]) => text.replaceAll(name, value),
    railPower.expr,
  );
  await until('all three paths', async () => {
    const paths = await bench.prometheus.query('count(hw_power_watts{hw_sensor_location="EPS1"}) == 3');
    return paths.length > 0;
  });

  const series = await bench.prometheus.query(expression);

  expect(series.filter(({ labels }) => labels.hw_sensor_location === 'EPS1')).toHaveLength(1);
  expect(series.filter(({ labels }) => /_W\d$/.test(labels.hw_sensor_location ?? ''))).toEqual([]);
});
