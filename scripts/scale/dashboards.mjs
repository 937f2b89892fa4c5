// Proof that dashboards stay fast on a server with 100,000 series: the data set of monitoring/src/dataSet, on as many hosts as that
// takes. One host is chosen, as a reader does; what it costs with all of them chosen is stated too.
//   npm run test:scale -- dashboards
//   node scripts/scale/dashboards.mjs [--series 100000]
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { makeBlock, startOn } from '../data-set.mjs';
import { root } from '../workspaces.mjs';
import { ProofFailure } from './failure.mjs';

const seriesWanted = 100_000;
/** Prometheus scrapes more often. The time of a query is that of its series and of its steps, which these samples all serve. */
const sampleSeconds = 60;
const rangeSeconds = 6 * 3600;
const stepSeconds = 60;
const budgetMs = 500;
/** From here on, a recording rule is advised. */
const slowPanelMs = 100;
const repetitions = 3;
/** What a reader has chosen who looks at one host: in run-comparison, one run and another one of it. */
const instances = '(bench-a.*|shop-1)';
const oneHost = { instance: instances, node: 'bench-a', run: instances, baseline: instances };

export const proof = {
  name: 'dashboards',
  what: `All queries of a dashboard, over 6 hours at a step of 60 s and with one host chosen, take at most ${budgetMs} ms together on a Prometheus with ${seriesWanted.toLocaleString('en')} series: each as the median of ${repetitions}, one after the other. A panel above ${slowPanelMs} ms is named, with how many times faster a recorded series is. On a machine that nothing else uses.`,
  run: () => prove(seriesWanted),
};

/** @param {number} wanted */
async function prove(wanted) {
  const load = (path) => import(pathToFileURL(join(root, 'monitoring/dist', path)));
  const dataSet = await load('dataSet/index.js');
  const { namedQueries } = await load('queries.js');
  const { builtIn, openedChoice, substituted } = await load('execution/chosen.js');
  const folder = join(tmpdir(), `benchlab-scale-dashboards-${process.pid}`);
  mkdirSync(folder);
  try {
    const series = manyHosts(dataSet.dataSeries(), wanted);
    const starts = dataSet.blocks().filter(([start]) => start >= dataSet.fineStart);
    for (const block of starts) {
      await makeBlock(linesOf(series, block, dataSet), join(folder, 'block.om'), folder);
    }
    let server = await startOn(folder);
    const time = { end: dataSet.dataEnd - sampleSeconds, rangeSeconds, stepSeconds };
    const queries = namedQueries().filter(({ place, language }) => 'panel' in place && language === 'promql');
    const one = [];
    const all = [];
    try {
      const choices = new Map();
      for (const name of new Set(queries.map(({ dashboard }) => dashboard))) {
        choices.set(name, { ...(await openedChoice(name, labelValuesOf(server.url), time)), ...builtIn(time) });
      }
      for (const { dashboard, place, refId, expr } of queries) {
        const choice = choices.get(dashboard);
        const named = { dashboard, panel: `${place.title} (${place.panel}) ${refId}` };
        const ofOne = substituted(expr, { ...choice, ...oneHost });
        one.push({ ...named, expression: ofOne, ...(await medianOf(server.url, ofOne, time)) });
        all.push({ ...named, ...(await medianOf(server.url, substituted(expr, choice), time, 1)) });
      }
      await record(folder, one, dataSet);
    } finally {
      await server.stop();
    }
    server = await startOn(folder);
    try {
      for (const each of one.filter(({ ms }) => ms > slowPanelMs)) {
        each.recordedMs = (await medianOf(server.url, each.recorded, time)).ms;
      }
    } finally {
      await server.stop();
    }
    return judged(series.length, one, all);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same series on other hosts: their instances and their devices have names of their own. */
function manyHosts(series, wanted) {
  const copies = Math.ceil(wanted / series.length);
  const own = ['instance', 'host_name', 'hw_id', 'hw_parent'];
  return Array.from({ length: copies }, (_, copy) =>
    series.map((each) =>
      copy === 0
        ? each
        : {
            ...each,
            labels: Object.fromEntries(
              Object.entries(each.labels).map(([name, value]) => [
                name,
                own.includes(name) ? `host${copy}-${value}` : value,
              ]),
            ),
          },
    ),
  ).flat();
}

function* linesOf(series, [start, end], { headOf }) {
  const heads = series.map(({ name, labels }) => headOf(name, labels));
  for (let instant = start; instant < end; instant += sampleSeconds) {
    let text = '';
    for (let index = 0; index < series.length; index++) {
      const { process, at } = series[index];
      const value = at(instant - (process.starts.findLast((began) => began <= instant) ?? instant), instant);
      if (value !== undefined) text += `${heads[index]} ${Math.round(value * 1e6) / 1e6} ${instant}\n`;
    }
    yield text;
  }
  yield '# EOF\n';
}

function labelValuesOf(url) {
  return async (selector, label, { end, rangeSeconds: range }) => {
    const asked = { 'match[]': selector, start: `${end - range}`, end: `${end}` };
    return (await answer(`${url}/api/v1/label/${label}/values?${new URLSearchParams(asked)}`)).slice(0, 10);
  };
}

async function medianOf(url, expression, { end, rangeSeconds: range, stepSeconds: step }, times = repetitions) {
  const query = new URLSearchParams({ query: expression, start: `${end - range}`, end: `${end}`, step: `${step}` });
  const durations = [];
  let result;
  for (let run = 0; run < times; run++) {
    const started = performance.now();
    ({ result } = await answer(`${url}/api/v1/query_range?${query}`));
    durations.push(performance.now() - started);
  }
  return { ms: durations.toSorted((a, b) => a - b)[times >> 1], result };
}

async function answer(url) {
  const { status, error, data } = await (await fetch(url)).json();
  if (status !== 'success') throw new Error(error);
  return data;
}

/** What a recording rule would have stored of each slow query. */
async function record(folder, queries, { blocks, headOf, fineStart }) {
  const samples = [];
  for (const [index, each] of queries.entries()) {
    if (each.ms <= slowPanelMs) continue;
    each.recorded = `proof:recorded:${index}`;
    for (const { metric, values } of each.result) {
      const head = headOf(each.recorded, metric);
      samples.push(...values.map(([at, value]) => ({ at, line: `${head} ${value} ${at}\n` })));
    }
  }
  samples.sort((a, b) => a.at - b.at);
  for (const [start, end] of samples.length === 0 ? [] : blocks().filter(([from]) => from >= fineStart)) {
    const lines = samples.filter(({ at }) => at >= start && at < end).map(({ line }) => line);
    await makeBlock([...lines, '# EOF\n'], join(folder, 'recorded.om'), folder);
  }
}

function judged(count, one, all) {
  const sums = (queries) => {
    const byDashboard = new Map();
    for (const { dashboard, ms } of queries) byDashboard.set(dashboard, (byDashboard.get(dashboard) ?? 0) + ms);
    return [...byDashboard].sort(([, a], [, b]) => b - a);
  };
  const [[slowest, slowestMs]] = sums(one);
  const query = one.toSorted((a, b) => b.ms - a.ms)[0];
  const [[slowestOfAll, slowestOfAllMs]] = sums(all);
  const slow = one.filter(({ ms }) => ms > slowPanelMs);
  const ms = (value) => `${value.toFixed(0)} ms`;
  const figures = {
    series: count.toLocaleString('en'),
    queries: one.length,
    'slowest dashboard': `${slowest}, ${ms(slowestMs)}`,
    'slowest query': `${query.dashboard}: ${query.panel}, ${ms(query.ms)}`,
    'with every host chosen': `${slowestOfAll}, ${ms(slowestOfAllMs)}`,
    [`panels above ${slowPanelMs} ms`]:
      slow.length === 0
        ? 'none'
        : slow
            .map(
              (each) =>
                `${each.dashboard}: ${each.panel} ${ms(each.ms)}, recorded ${(each.ms / each.recordedMs).toFixed(0)} times faster`,
            )
            .join('; '),
  };
  const late = sums(one).filter(([, sum]) => sum > budgetMs);
  if (late.length > 0)
    throw new ProofFailure(late.map(([name, sum]) => `${name} takes ${ms(sum)}`).join('; '), figures);
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
