// Queries on input whose figures are known: what monitoring/src/dataSet generates, by hand.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataEnd } from '../../../monitoring/src/dataSet/window.ts';
import {
  builtIn,
  type Choice,
  openedChoice,
  type QueryTime,
  substituted,
} from '../../../monitoring/src/execution/chosen.ts';
import { namedQueries } from '../../../monitoring/src/queries.ts';
import { placeOf } from './places.ts';
import { type StoredPrometheus, startStored } from './storedPrometheus.ts';

const hour: QueryTime = { end: dataEnd - 15, rangeSeconds: 3600, stepSeconds: 60 };
/** Processes of bench-b started again within it: their counters fall to 0. */
const threeHours: QueryTime = { end: dataEnd - 15, rangeSeconds: 3 * 3600, stepSeconds: 60 };
const real = { hw_id: 'BOARD000A' };
const emulated = { hw_id: '53494D11000B' };

interface Known {
  readonly dashboard: string;
  readonly panel: number;
  readonly refId?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly time?: QueryTime;
  /** Other values of variables than those that the dashboard opens with. */
  readonly choice?: Choice;
  readonly value: number;
  /** What is known of it, and why. */
  readonly why: string;
}

const known: readonly Known[] = [
  { dashboard: 'bench-host', panel: 2, labels: real, value: 324.5 * 3600, why: '324.5 J a second for an hour' },
  { dashboard: 'bench-host', panel: 11, labels: real, value: 324.5, why: 'J a second are W' },
  {
    dashboard: 'bench-host',
    panel: 2,
    labels: emulated,
    time: threeHours,
    value: 324.5 * 3 * 3600,
    why: 'a restart loses no joule of the hours before',
  },
  {
    dashboard: 'bench-host',
    panel: 3,
    labels: { hw_id: 'BOARD000A/EPS1' },
    value: 360_000,
    why: '100 W for an hour',
  },
  {
    dashboard: 'performance-comparison',
    panel: 15,
    labels: { implementation: 'rust' },
    value: 40,
    why: 'two processes of 20 requests a second',
  },
  {
    dashboard: 'performance-comparison',
    panel: 15,
    labels: { implementation: 'cpp' },
    value: 8,
    why: 'one process of 8 requests a second',
  },
  { dashboard: 'performance-comparison', panel: 2, value: 480 / 180, why: '2 × 240 tokens a second by 180' },
  {
    dashboard: 'performance-comparison',
    panel: 3,
    refId: 'A',
    labels: { implementation: 'rust' },
    value: 0.01,
    why: 'half of the requests are in the bucket of 10 ms',
  },
  {
    dashboard: 'performance-comparison',
    panel: 3,
    refId: 'B',
    labels: { implementation: 'rust' },
    value: 0.05,
    why: '95 % are at or below 50 ms',
  },
  {
    dashboard: 'performance-comparison',
    panel: 3,
    refId: 'C',
    labels: { implementation: 'rust' },
    value: 0.1,
    why: '99 % are at or below 100 ms',
  },
  {
    dashboard: 'performance-comparison',
    panel: 14,
    labels: { implementation: 'rust' },
    value: 0.04 / 40,
    why: 'two kinds of errors of 0.01 a second in two processes, of 40 requests',
  },
  {
    dashboard: 'sidepanel-overview',
    panel: 2,
    labels: { status: 'error' },
    value: 0.4,
    why: '0.1 a second of two methods in two processes',
  },
  { dashboard: 'sidepanel-overview', panel: 4, value: 62, why: 'the balance' },
  {
    dashboard: 'energy-per-operation',
    panel: 1,
    labels: { benchlab_operation: 'checkout', benchlab_power_role: 'system' },
    choice: { instance: 'shop-[12]' },
    value: 0.8,
    why: 'shares 0.5, 0.4, 0.05, 0.04, 0.01 of calls of 0.375, 0.75, 1.75, 3.75 and 7.5 J',
  },
  {
    dashboard: 'energy-per-operation',
    panel: 2,
    labels: { benchlab_operation: 'checkout', benchlab_power_role: 'system' },
    choice: { instance: 'shop-[12]' },
    value: 2.5,
    why: '95 % of the calls cost 2.5 J or less',
  },
  {
    dashboard: 'energy-per-operation',
    panel: 4,
    labels: { benchlab_operation: 'checkout', benchlab_simulated: '' },
    value: 1,
    why: 'half a call a second of two processes of one service on the real board',
  },
  {
    dashboard: 'run-comparison',
    panel: 2,
    labels: { benchlab_operation: 'checkout' },
    value: 0.3825,
    why: 'the same shares of calls of 0.175, 0.375, 0.75, 1.75 and 3.75 J in the second run',
  },
  {
    dashboard: 'run-comparison',
    panel: 2,
    refId: 'B',
    labels: { benchlab_operation: 'checkout' },
    value: 0.8,
    why: 'that of the first run',
  },
  { dashboard: 'gpu-dcgm', panel: 3, value: 350, why: '350,000 mJ a second' },
  { dashboard: 'slo', panel: 2, labels: { slo: 'runtime-requests' }, value: 0.995, why: 'its objective' },
  {
    dashboard: 'slo',
    panel: 5,
    labels: { slo: 'runtime-requests' },
    value: 0.001 / 0.005,
    why: 'one in a thousand fails, and five may',
  },
  {
    dashboard: 'venice-api',
    panel: 10,
    refId: 'B',
    value: 2.5,
    why: '95 % are at or below 2.5 s',
  },
  { dashboard: 'fleet', panel: 2, value: 2, why: 'two boards, of which one arrives by two jobs' },
];

const queries = namedQueries();
const dashboards = new Set(queries.map(({ dashboard }) => dashboard));
let stored: StoredPrometheus;
beforeAll(async () => {
  stored = await startStored();
}, 600_000);
afterAll(() => stored?.stop());

test.each(known.filter(({ dashboard }) => dashboards.has(dashboard)))(
  '$dashboard, panel $panel $refId shows $value: $why',
  async ({ dashboard, panel, refId = 'A', labels = {}, time = hour, choice: other = {}, value }) => {
    const query = queries.find(
      (each) =>
        each.dashboard === dashboard && 'panel' in each.place && each.place.panel === panel && each.refId === refId,
    );
    if (query === undefined) throw new Error(`${dashboard} has no panel ${panel} with a query ${refId}.`);
    // Where a dashboard opens with one board, both are asked for: one is real, one starts again.
    const opened = await openedChoice(dashboard, stored.labelValues, time);
    const choice = { ...opened, board: '.*', ...other, ...builtIn(time) };
    const expression = substituted(query.expr, choice);

    const result = await (query.instant ? stored.instant(expression, time.end) : stored.range(expression, time));

    const found = result.filter((series) =>
      Object.entries(labels).every(([name, of]) => (series.labels[name] ?? '') === of),
    );
    expect(found.length, placeOf(query)).toBeGreaterThan(0);
    for (const { values } of found) {
      const last = values.at(-1) ?? Number.NaN;
      // increase() extends to the ends of its range: half a percent.
      expect(Math.abs(last / value - 1), `${last} instead of ${value}`).toBeLessThan(0.005);
    }
  },
);
