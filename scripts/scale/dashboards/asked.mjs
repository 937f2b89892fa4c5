// The queries of dashboards as Grafana asks them: with the variables of the dashboard, over its time or at its end.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../workspaces.mjs';

/** What a reader has chosen who looks at one host: in run-comparison, one run and another one of it. */
const instances = '(bench-a.*|shop-1)';
const oneHost = { instance: instances, node: 'bench-a', run: instances, baseline: instances };

/**
 * Every query of a panel in PromQL: `dashboard`, `panel`, `one` and `all`, which are its expression with one host chosen and with
 * every host, `isInstant`, `time`.
 */
export async function askedQueries(url, time) {
  const load = (path) => import(pathToFileURL(join(root, 'monitoring/dist', path)));
  const { namedQueries } = await load('queries.js');
  const { builtIn, openedChoice, substituted, timeOf } = await load('execution/chosen.js');
  const queries = namedQueries().filter(({ place, language }) => 'panel' in place && language === 'promql');
  const choices = new Map();
  for (const name of new Set(queries.map(({ dashboard }) => dashboard))) {
    choices.set(name, await openedChoice(name, labelValuesOf(url), time));
  }
  return queries.map(({ dashboard, place, refId, expr, instant }) => {
    const own = timeOf(dashboard, place.panel, time);
    const choice = { ...choices.get(dashboard), ...builtIn(own) };
    return {
      dashboard,
      panel: `${place.title} (${place.panel}) ${refId}`,
      one: substituted(expr, { ...choice, ...oneHost }),
      all: substituted(expr, choice),
      isInstant: instant,
      time: own,
    };
  });
}

function labelValuesOf(url) {
  return async (selector, label, { end, rangeSeconds }) => {
    const asked = { 'match[]': selector, start: `${end - rangeSeconds}`, end: `${end}` };
    return (await answer(`${url}/api/v1/label/${label}/values?${new URLSearchParams(asked)}`)).slice(0, 10);
  };
}

/** How long a query takes, in milliseconds: the median of several. */
export async function medianMs(url, expression, { isInstant, time: { end, rangeSeconds, stepSeconds } }, times) {
  const period = isInstant
    ? { time: `${end}` }
    : { start: `${end - rangeSeconds}`, end: `${end}`, step: `${stepSeconds}` };
  const path = isInstant ? 'query' : 'query_range';
  const durations = [];
  for (let run = 0; run < times; run++) {
    const started = performance.now();
    await answer(`${url}/api/v1/${path}?${new URLSearchParams({ query: expression, ...period })}`);
    durations.push(performance.now() - started);
  }
  return durations.toSorted((a, b) => a - b)[times >> 1];
}

/** CPU seconds that the server has used. */
export async function cpuSeconds(url) {
  const page = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(page)?.[1]);
}

async function answer(url) {
  const { status, error, data } = await (await fetch(url)).json();
  if (status !== 'success') throw new Error(error);
  return data;
}
