// What dashboards cost. Lint: all of ours together with what they are held against, and 340 panels that are made from ours,
// each a fresh run of the linter on files that were read; then the parse and the type check of one query, over all queries
// of ours. CPU time of this process, the median of rounds, and the limit that each figure has; that of our dashboards holds in the
// first run of a process too. The time of the queries on a server: npm run test:scale -- dashboards.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coreFamilies, joinFamilies } from '@benchlab-otel/core';
import { dashboardsKind, lint, parsePromql, typeOf } from '@benchlab-otel/lint';
import { presetFamilies } from '@benchlab-otel/presets';
import { quantile, round } from './interleave.mjs';

const rounds = 15;
const panelCount = 340;
const root = fileURLToPath(new URL('..', import.meta.url));
const kind = dashboardsKind(joinFamilies([...presetFamilies, ...coreFamilies]));

function filesBelow(folder, endings) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .sort()
    .map((name) => file(join(folder, name)));
}

function file(path) {
  return { path, text: readFileSync(join(root, path), 'utf8'), isNamed: false };
}

const dashboards = filesBelow('monitoring/grafana/dashboards', ['.json']);
const beside = [
  file('monitoring/thresholds.json'),
  file('monitoring/foreign-series.json'),
  ...filesBelow('collector-config/prometheus/rules', ['.yml']),
  ...filesBelow('collector-config/runbooks', ['.md']),
];

/** As many panels as are asked for, in one dashboard: those of ours, again and again, each with an id of its own. */
function generated(count) {
  const sources = dashboards.map(({ text }) => JSON.parse(text));
  const panels = sources.flatMap(({ panels }) => panels.flatMap((panel) => panel.panels ?? [panel]));
  const many = Array.from({ length: count }, (_, index) => ({ ...panels[index % panels.length], id: index + 1 }));
  const names = new Map(
    sources.flatMap(({ templating }) => templating.list.map((variable) => [variable.name, variable])),
  );
  const dashboard = { ...sources[0], uid: 'generated', panels: many, templating: { list: [...names.values()] } };
  return [{ path: 'generated.json', text: JSON.stringify(dashboard, null, 2), isNamed: true }];
}

function queriesOf(files) {
  return files.flatMap(({ text }) => {
    const panels = JSON.parse(text).panels.flatMap((panel) => panel.panels ?? [panel]);
    const targets = panels.flatMap(({ targets = [] }) => targets);
    const promql = targets.filter(({ expr, datasource }) => expr && datasource?.type === 'prometheus');
    return promql.map(({ expr }) => expr.replace(/\$__(rate_interval|range|interval)/g, '5m').replace(/\$\w+/g, 'x'));
  });
}

function cpuMs(run) {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function medianMs(run) {
  const first = cpuMs(run);
  return {
    first,
    median: quantile(
      Array.from({ length: rounds }, () => cpuMs(run)),
      0.5,
    ),
  };
}

const queries = queriesOf(dashboards);
const all = generated(panelCount);
const ours = medianMs(() => lint(kind, [...dashboards, ...beside]));
const many = medianMs(() => lint(kind, [...all, ...beside]));
const query = medianMs(() => {
  for (const each of queries) {
    const parsed = parsePromql(each);
    if ('expression' in parsed) typeOf(parsed.expression);
  }
});

console.log('\nlint of dashboards: CPU time');
console.table([
  {
    what: `all of ours (${dashboards.length} files)`,
    'first ms': round(ours.first),
    ms: round(ours.median),
    limit: 1000,
  },
  { what: `${panelCount} panels`, 'first ms': round(many.first), ms: round(many.median), limit: 3000 },
  {
    what: `parse and type check of a query (of ${queries.length})`,
    'first ms': round(query.first / queries.length),
    ms: round(query.median / queries.length),
    limit: 0.3,
  },
]);
// A person runs the linter once, and waits for a process that compiles: its threads count too, and those of the garbage collector.
const isOver = Math.max(ours.first, ours.median) > 1000 || many.median > 3000 || query.median / queries.length > 0.3;
if (isOver) process.exitCode = 1;
