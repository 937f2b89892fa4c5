import type { DashboardView } from '../model/view.ts';
import { absent, count, figure, share, span } from './format.ts';
import { markup } from './markup.ts';
import { comparedText, targetWord } from './words.ts';

/** Rows of a table of a report; the rest is counted. Of runs, the newest. */
const [mostRows, mostRuns] = [200, 50];

/** A column: its name, and `right` where it has numbers. */
type Column = readonly [name: string, side?: 'right'];

export function seriesTable({ series, baseline }: DashboardView): string {
  const columns: readonly Column[] = [
    ...([
      ['name'],
      ['node'],
      ['n', 'right'],
      ['p50 ms', 'right'],
      ['p95 ms', 'right'],
      [''],
      ['p99 ms', 'right'],
    ] as const),
    ...([
      ['succeeded', 'right'],
      ['J each', 'right'],
    ] as const),
    ...(baseline === undefined ? [] : ([['against the baseline']] as const)),
  ];
  const rows = series.map((each) => [
    `${each.series.name}${each.isSimulated ? ' · simulated' : ''}${each.isByOrder ? ' · paired by order' : ''}`,
    each.series.node,
    count(each.n),
    figure(each.p50Ms),
    figure(each.p95Ms),
    each.level ?? '',
    figure(each.p99Ms),
    share(each.successShare),
    figure(each.joules),
    ...(baseline === undefined ? [] : [comparedText(each, baseline)]),
  ]);
  return table('Operations and stages', columns, rows);
}

export function flowTable({ flow }: DashboardView): string {
  if (flow === undefined) return '';
  const rows = flow.steps.map(({ id, copy, state, targetMs, p95Ms, frames, isTargetMet }) => [
    id,
    copy ?? '',
    state,
    count(frames),
    figure(p95Ms),
    figure(targetMs),
    targetWord(isTargetMet),
  ]);
  const columns: readonly Column[] = [
    ...([['step'], ['text'], ['state'], ['frames', 'right'], ['p95 ms', 'right'], ['target ms', 'right']] as const),
    ['target'],
  ];
  return table(`Flow ${markup(flow.name ?? '')}`.trim(), columns, rows);
}

export function runsTable({ runs }: DashboardView): string {
  const columns: readonly Column[] = [
    ...([['correlation id'], ['component'], ['node'], ['state'], ['completed', 'right'], ['p50 ms', 'right']] as const),
    ...([['p95 ms', 'right'], ['succeeded', 'right'], ['tokens/s', 'right'], ['kernel']] as const),
  ];
  const rows = runs.map((run) => [
    `${run.id}${run.isSimulated ? ' · simulated' : ''}`,
    run.component,
    run.node,
    run.errorType === undefined ? run.state : `${run.state}: ${run.errorType}`,
    count(run.completions),
    figure(run.p50Ms),
    figure(run.p95Ms),
    share(run.successShare),
    figure(run.tokensPerSecond),
    run.kernelVariant ?? absent,
  ]);
  return table('Runs', columns, rows, mostRuns);
}

export function nodesTable({ nodes }: DashboardView): string {
  const columns: readonly Column[] = [
    ...([['node'], ['power W', 'right'], ['p95 ms', 'right'], ['of'], ['J each', 'right'], ['age', 'right']] as const),
    ...([
      ['facts', 'right'],
      ['findings', 'right'],
    ] as const),
  ];
  const rows = nodes.map((node) => [
    `${node.node}${node.isSimulated ? ' · simulated' : ''}`,
    figure(node.powerWatts),
    figure(node.p95Ms),
    node.p95Series ?? absent,
    figure(node.joules),
    span(node.ageMs),
    count(node.facts),
    count(node.findings),
  ]);
  return table('Fleet', columns, rows);
}

export function findingsTable({ findings }: DashboardView): string {
  if (findings.length === 0) return '<section><h2>Findings <small>0</small></h2><p>Nothing was found.</p></section>';
  const rows = findings.map(({ severity, text, node, count: times, lastMs }) => [
    severity === 'warn' ? 'warning' : severity,
    text,
    node ?? absent,
    count(times),
    new Date(lastMs).toISOString().slice(0, 19).replace('T', ' '),
  ]);
  return table('Findings', [['severity'], ['what'], ['node'], ['times', 'right'], ['last, UTC']], rows);
}

export function inputsTable({ inputs }: DashboardView): string {
  const rows = inputs.map(({ name, node, facts, reason, clock, refused }) => [
    name,
    node,
    count(facts),
    clock ?? absent,
    count(refused?.count ?? 0),
    reason ?? '',
  ]);
  const columns: readonly Column[] = [
    ['input'],
    ['node'],
    ['facts', 'right'],
    ['clock'],
    ['lines refused', 'right'],
    [''],
  ];
  return table('Inputs', columns, rows);
}

function table(
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  most: number = mostRows,
): string {
  if (rows.length === 0) return '';
  const sideOf = (at: number) => (columns[at]?.[1] === undefined ? '' : ' class="right"');
  const head = columns.map(([name], at) => `<th scope="col"${sideOf(at)}>${name}</th>`).join('');
  const body = rows
    .slice(0, most)
    .map((cells) => `<tr>${cells.map((cell, at) => `<td${sideOf(at)}><bdi>${markup(cell)}</bdi></td>`).join('')}</tr>`)
    .join('\n');
  const rest = rows.length > most ? `<p>and ${count(rows.length - most)} more.</p>` : '';
  return `<section><h2>${title} <small>${count(rows.length)}</small></h2>
<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>${rest}</section>`;
}
