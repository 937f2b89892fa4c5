import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dataEnd } from '../../../monitoring/src/dataSet/window.ts';
import {
  builtIn,
  type Choice,
  openedChoice,
  type QueryTime,
  substituted,
  timeOf,
  valuesOf,
} from '../../../monitoring/src/execution/chosen.ts';
import { type NamedQuery, namedQueries } from '../../../monitoring/src/queries.ts';
import { expectPageRegion } from '../../../packages/analysis/src/energy/pageRegion.suite.ts';
import { executionTable } from './executionTable.ts';
import { placeOf, ruleQueries } from './places.ts';
import { bounds, doubledLines, shapeFaults } from './shapeFaults.ts';
import { type ResultSeries, type StoredPrometheus, startStored } from './storedPrometheus.ts';

const hour: QueryTime = { end: dataEnd - 15, rangeSeconds: 3600, stepSeconds: 60 };
const fiveMinutes: QueryTime = { end: dataEnd - 15, rangeSeconds: 300, stepSeconds: 15 };
const week: QueryTime = { end: dataEnd - 15, rangeSeconds: 7 * 86_400, stepSeconds: 600 };

const queries = namedQueries();
const executed = queries
  .filter(({ language }) => language === 'promql')
  .map((query) => [placeOf(query), query] as const);
const ofPanels = executed.filter(([, { place }]) => 'panel' in place);

/** What the whole file may take of processors: the time on the clock depends on what else a machine does. */
const cpuLimitSeconds = 90;

let stored: StoredPrometheus;
let empty: StoredPrometheus;
let cpuBefore: NodeJS.CpuUsage;
const choices = new Map<string, Choice>();
/** How many series each query had, with everything chosen over an hour. */
const returned = new Map<NamedQuery, number>();
beforeAll(async () => {
  [stored, empty] = await Promise.all([startStored(), startStored({ empty: true })]);
  for (const name of new Set(queries.map(({ dashboard }) => dashboard))) {
    choices.set(name, await openedChoice(name, stored.labelValues, hour));
  }
  // Without the blocks, which are made once.
  cpuBefore = process.cpuUsage();
}, 600_000);
afterAll(() => Promise.all([stored?.stop(), empty?.stop()]));

async function ask(
  { dashboard, place, expr, instant }: NamedQuery,
  asked: QueryTime,
  { from = stored, choice = {} }: { from?: StoredPrometheus; choice?: Choice } = {},
): Promise<readonly ResultSeries[]> {
  const time = 'panel' in place ? timeOf(dashboard, place.panel, asked) : asked;
  const expression = substituted(expr, { ...choices.get(dashboard), ...builtIn(time), ...choice });
  if ('variable' in place) {
    const label = /, (\w+)\)$/.exec(expression)?.[1] ?? '';
    const values = await valuesOf(expression, from.labelValues, time);
    return values.map((value) => ({ labels: { [label]: value }, values: [] }));
  }
  return instant ? from.instant(expression, time.end) : from.range(expression, time);
}

test('there are queries to execute', () => {
  expect(executed.length).toBeGreaterThan(20);
});

describe('with everything chosen, over an hour', () => {
  test.each(executed)('%s returns what it declares', async (_, query) => {
    const result = await ask(query, hour);

    returned.set(query, result.length);
    expect(shapeFaults(result, query.returns)).toEqual([]);
    expect(doubledLines(result)).toEqual([]);
  });
});

describe.each([
  ['5 minutes', fiveMinutes],
  ['7 days', week],
] as const)('over %s', (_, time) => {
  test.each(ofPanels)('%s has no error, no series too many and no value out of range', async (_place, query) => {
    const result = await ask(query, time);

    // A state of the last hour may not have been within 5 minutes; one of the week is no fault of the query.
    const few = { ...query.returns, series: { min: 0, max: bounds(query.returns).max } };
    expect(shapeFaults(result, few).filter((fault) => !fault.includes('is on no series'))).toEqual([]);
  });
});

test.each(executed)('%s finds nothing on an empty server, without an error', async (_, query) => {
  expect(await ask(query, hour, { from: empty })).toEqual(expect.arrayContaining([]));
  // What is there without any data is a constant, not a measurement.
  expect(await ask(query, hour, { from: empty })).toEqual([]);
});

describe('one board that arrives by two jobs', () => {
  const ofBoards = ofPanels.filter(
    ([, { expr, dashboard }]) => /\{[^}]*hw_|hw_host|benchlab_(sample|fault|connector)/.test(expr) && hasJob(dashboard),
  );

  test('is on dashboards', () => {
    expect(ofBoards.length).toBeGreaterThan(5);
  });

  test.each(ofBoards)('%s shows it once, with the same values', async (_, query) => {
    const both = await ask(query, hour);
    const one = await ask(query, hour, {
      choice: { job: '(benchlab-probe|primary|legacy|services|node|dcgm|collector)' },
    });

    expect(sorted(both)).toEqual(sorted(one));
  });
});

describe('with two hosts', () => {
  const byInstance = ofPanels.filter(([, { expr }]) => /\$\{?instance/.test(expr));

  test.each(byInstance)('%s shows nothing of the other host when one is chosen', async (_, query) => {
    const result = await ask(query, hour, { choice: { instance: '(bench-a.*|shop-1)' } });

    const others = result.filter(({ labels }) =>
      Object.values(labels).some((value) => /bench-b|shop-2|53494D11000B/.test(value)),
    );
    expect(others).toEqual([]);
  });
});

describe('rules', () => {
  test.each(ruleQueries().map((rule) => [rule.name, rule] as const))(
    '%s has no error, and no value that is not a number',
    async (_, rule) => {
      const result = await stored.instant(rule.expr, hour.end);

      expect(result.flatMap(({ values }) => values).filter((value) => !Number.isFinite(value))).toEqual([]);
      if (rule.kind === 'record') expect(result.length).toBeGreaterThan(0);
    },
  );
});

function hasJob(dashboard: string): boolean {
  return queries.some(
    (query) => query.dashboard === dashboard && 'variable' in query.place && query.place.variable === 'job',
  );
}

function sorted(result: readonly ResultSeries[]): readonly string[] {
  return result
    .map(({ labels, values }) => `${JSON.stringify(Object.entries(labels).sort())} ${values.at(-1)?.toPrecision(6)}`)
    .sort();
}

test('docs/dashboard-queries.md has what was executed', async () => {
  // With a filter of titles, or with `.only`, there is nothing to compare.
  if (returned.size < executed.length) return;

  await expectPageRegion('dashboard-queries.md', 'executed', executionTable(queries, ruleQueries(), returned));
});

test(`all of it takes at most ${cpuLimitSeconds} s of CPU time, of this process and of the servers`, async () => {
  const { user, system } = process.cpuUsage(cpuBefore);
  const ofServers = await Promise.all([stored.cpuSeconds(), empty.cpuSeconds()]);

  const seconds = [(user + system) / 1e6, ...ofServers];
  expect(seconds.reduce((sum, each) => sum + each)).toBeGreaterThan(0);
  expect(
    seconds.reduce((sum, each) => sum + each),
    seconds.join(' + '),
  ).toBeLessThan(cpuLimitSeconds);
});
