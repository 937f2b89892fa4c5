// Proof that dashboards stay fast on a server with 100,000 series: the data set of monitoring/src/dataSet, on as many hosts as that
// takes. One host is chosen, as a reader does; what it costs with all of them chosen is stated too.
//   npm run test:scale -- dashboards
//   node scripts/scale/dashboards.mjs [--series 100000]
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { run } from '../command.mjs';
import { dataSetFolder, recordingRules, startOn } from '../data-set.mjs';
import { root } from '../workspaces.mjs';
import { askedQueries, cpuSeconds, medianMs } from './dashboards/asked.mjs';
import { scaleFolder } from './dashboards/blocks.mjs';
import { ProofFailure } from './failure.mjs';

const seriesWanted = 100_000;
const rangeSeconds = 6 * 3600;
const stepSeconds = 60;
const budgetMs = 500;
const suiteLimitSeconds = 90;
/** A bound of a hang. */
const suiteLimitMs = 30 * 60_000;
/** From here on, a recording rule is advised. */
const slowPanelMs = 100;
const repetitions = 5;

export const proof = {
  name: 'dashboards',
  what: `All queries of a dashboard, over 6 hours at a step of 60 s and with one host chosen, take at most ${budgetMs} ms together on a Prometheus with ${seriesWanted.toLocaleString('en')} series: each as the median of ${repetitions}, one after the other, and at one instant where the panel shows one. A panel above ${slowPanelMs} ms is named. Of each series that a rule records for panels: how many times faster it is than its expression, with every host. The tests that execute every query take at most ${suiteLimitSeconds} s. On a machine that nothing else uses.`,
  run: async () => {
    const suite = await executed();
    const figures = {
      ...(await prove(seriesWanted)),
      'execution of every query (npm run test:stack)': `${suite.toFixed(0)} s`,
    };
    if (suite > suiteLimitSeconds)
      throw new ProofFailure(`The execution takes more than ${suiteLimitSeconds} s.`, figures);
    return figures;
  },
};

/** The seconds that the tests take which execute every query, when the blocks are there. */
async function executed() {
  await dataSetFolder();
  const args = ['vitest', 'run', '--project', 'stack', 'test/stack/queries', '--reporter=dot'];
  const { code, output, seconds } = await run('npx', args, { limitMs: suiteLimitMs });
  if (code !== 0)
    throw new Error(`The execution of every query failed: ${output.trimEnd().split('\n').slice(-5).join(' ')}`);
  return seconds;
}

/** @param {number} wanted */
async function prove(wanted) {
  const dataSet = await import(pathToFileURL(join(root, 'monitoring/dist/dataSet/index.js')));
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-scale-dashboards-'));
  try {
    cpSync(await scaleFolder(dataSet, wanted), folder, { recursive: true });
    const server = await startOn(folder);
    try {
      return await measured(server.url, { end: dataSet.dataEnd - stepSeconds, rangeSeconds, stepSeconds });
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(url, time) {
  const queries = await askedQueries(url, time);
  const dashboards = [];
  for (const name of new Set(queries.map(({ dashboard }) => dashboard))) {
    const own = queries.filter(({ dashboard }) => dashboard === name);
    const before = await cpuSeconds(url);
    for (const query of own) query.ms = await medianMs(url, query.one, query, repetitions);
    const cpuMs = ((await cpuSeconds(url)) - before) * (1000 / repetitions);
    let allMs = 0;
    for (const query of own) allMs += await medianMs(url, query.all, query, 1);
    dashboards.push({ name, ms: own.reduce((sum, { ms }) => sum + ms, 0), cpuMs, allMs });
  }
  return judged({
    series: await seriesOf(url, time),
    queries,
    dashboards,
    ratios: await ratiosOf(url, time, queries),
  });
}

async function seriesOf(url, { end }) {
  const query = new URLSearchParams({ query: 'count({__name__!=""})', time: `${end}` });
  const { data } = await (await fetch(`${url}/api/v1/query?${query}`)).json();
  return Number(data.result[0].value[1]);
}

/** How many times faster what a rule records is than its expression. */
async function ratiosOf(url, time, queries) {
  const drawn = recordingRules().filter(({ record }) => queries.some(({ all }) => all.includes(record)));
  const asked = { isInstant: false, time };
  const ratios = [];
  for (const { record, expr, labels = {} } of drawn) {
    // A constant is recorded for its labels, not for its time.
    if (/^vector\(/.test(String(expr))) continue;
    const matchers = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    const ofExpression = await medianMs(url, String(expr), asked, repetitions);
    const ofRecorded = await medianMs(url, `${record}{${matchers.join(',')}}`, asked, repetitions);
    ratios.push({ name: [record, ...Object.values(labels)].join(' '), ratio: ofExpression / ofRecorded });
  }
  return ratios;
}

function judged({ series, queries, dashboards, ratios }) {
  const ms = (value) => `${value.toFixed(0)} ms`;
  const most = (key) => dashboards.toSorted((a, b) => b[key] - a[key]);
  const [slowest] = most('ms');
  const [slowestOfAll] = most('allMs');
  const [busiest] = most('cpuMs');
  const ranked = queries.toSorted((a, b) => b.ms - a.ms);
  const slow = ranked.filter((query) => query.ms > slowPanelMs);
  const named = (query) => `${query.dashboard}: ${query.panel}, ${ms(query.ms)}`;
  const figures = {
    series: series.toLocaleString('en'),
    queries: queries.length,
    'slowest dashboard': `${slowest.name}, ${ms(slowest.ms)}`,
    'most CPU time of the server': `${busiest.name}, ${ms(busiest.cpuMs)}`,
    'slowest query': named(ranked[0]),
    'with every host chosen': `${slowestOfAll.name}, ${ms(slowestOfAll.allMs)}`,
    [`panels above ${slowPanelMs} ms`]: slow.map(named).join('; ') || 'none',
    'recorded series, by their expressions': ratios
      .map(({ name, ratio }) => `${name} ${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)} times faster`)
      .join('; '),
  };
  const late = dashboards.filter(({ ms }) => ms > budgetMs);
  if (late.length > 0)
    throw new ProofFailure(late.map((each) => `${each.name} takes ${ms(each.ms)}`).join('; '), figures);
  return figures;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({ options: { series: { type: 'string', default: String(seriesWanted) } } });
  const wanted = Number(values.series);
  if (!(Number.isInteger(wanted) && wanted > 0))
    throw new RangeError(`--series: ${values.series} is not a whole number above 0.`);
  const shown = (figures) => {
    for (const [key, value] of Object.entries(figures)) console.log(`${key}: ${value}`);
  };
  await prove(wanted).then(shown, (error) => {
    shown(error.figures ?? {});
    console.error(error.message);
    process.exitCode = 1;
  });
}
