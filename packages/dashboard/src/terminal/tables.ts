import type { Finding } from '../model/findings.ts';
import type { NodeView, RunView, SeriesView } from '../model/view.ts';
import type { Look } from './cells.ts';
import { absent, age, count, deltaLook, deltaText, figure, levels, percentage, severities } from './figures.ts';

/** The tables of the screen. */
export type TableName = 'series' | 'runs' | 'nodes' | 'findings';

/** One column of a table. */
export interface Column<Row> {
  /** The word that `--columns` and the sorting know. */
  readonly name: string;
  readonly title: string;
  readonly width: number;
  readonly isText?: boolean;
  /** Shown in panes of at least this many columns, unless `--columns` names it. Default 0. */
  readonly from?: number;
  text(row: Row, nowMs: number): string;
  look?(row: Row): Look;
  /** What rows are sorted by, the greatest first; undefined comes last. Absent: not sorted by this column. */
  order?(row: Row): number | string | undefined;
}

const plain: Look = { role: 'text' };
const strong: Look = { role: 'emphasis' };

export const seriesColumns: readonly Column<SeriesView>[] = [
  {
    name: 'name',
    title: 'stages / component',
    width: 22,
    isText: true,
    text: ({ series }) => series.name,
    look: () => strong,
  },
  { name: 'node', title: 'node', width: 10, isText: true, from: 100, text: ({ series }) => series.node },
  { name: 'n', title: 'n', width: 7, text: ({ n }) => count(n), order: ({ n }) => n },
  { name: 'p50', title: 'p50 ms', width: 7, text: ({ p50Ms }) => figure(p50Ms), order: ({ p50Ms }) => p50Ms },
  {
    name: 'p95',
    title: 'p95 ms',
    width: 7,
    text: ({ p95Ms }) => figure(p95Ms),
    look: () => strong,
    order: ({ p95Ms }) => p95Ms,
  },
  {
    name: 'delta',
    title: 'vs baseline',
    width: 14,
    isText: true,
    text: ({ delta }) => deltaText(delta),
    look: ({ delta }) => deltaLook(delta),
    order: ({ delta }) => delta?.p95Ratio,
  },
  { name: 'p99', title: 'p99 ms', width: 7, from: 80, text: ({ p99Ms }) => figure(p99Ms), order: ({ p99Ms }) => p99Ms },
  {
    name: 'max',
    title: 'max ms',
    width: 7,
    from: 100,
    text: ({ maxMs }) => figure(maxMs),
    order: ({ maxMs }) => maxMs,
  },
  {
    name: 'ok',
    title: 'ok',
    width: 8,
    text: ({ successShare }) => percentage(successShare),
    order: ({ successShare }) => (successShare === undefined ? undefined : -successShare),
  },
  {
    name: 'lost',
    title: 'lost',
    width: 6,
    text: ({ failed, dropped }) => count(failed + dropped),
    order: ({ failed, dropped }) => failed + dropped,
  },
  {
    name: 'energy',
    title: 'J/op',
    width: 7,
    from: 110,
    text: ({ joules }) => figure(joules),
    order: ({ joules }) => joules,
  },
  {
    name: 'level',
    title: 'level',
    width: 7,
    isText: true,
    from: 90,
    text: ({ level }) => (level === undefined ? absent : `${levels[level].glyph} ${level}`),
    look: ({ level }) => (level === undefined ? plain : levels[level].look),
  },
];

const states = { running: '▸ running', ok: '✓ ok', failed: '✗ failed' } as const;
const stateLooks: Readonly<Record<RunView['state'], Look>> = {
  running: { role: 'accent' },
  ok: { role: 'good' },
  failed: { role: 'bad', isBold: true },
};

export const runColumns: readonly Column<RunView>[] = [
  { name: 'id', title: 'run', width: 18, isText: true, text: ({ id }) => id, look: () => strong },
  { name: 'component', title: 'component', width: 16, isText: true, text: ({ component }) => component },
  { name: 'node', title: 'node', width: 10, isText: true, from: 120, text: ({ node }) => node },
  {
    name: 'state',
    title: 'state',
    width: 10,
    isText: true,
    text: ({ state }) => states[state],
    look: ({ state }) => stateLooks[state],
  },
  {
    name: 'n',
    title: 'n',
    width: 6,
    text: ({ completions }) => count(completions),
    order: ({ completions }) => completions,
  },
  {
    name: 'p50',
    title: 'p50 ms',
    width: 7,
    from: 100,
    text: ({ p50Ms }) => figure(p50Ms),
    order: ({ p50Ms }) => p50Ms,
  },
  {
    name: 'p95',
    title: 'p95 ms',
    width: 7,
    text: ({ p95Ms }) => figure(p95Ms),
    look: () => strong,
    order: ({ p95Ms }) => p95Ms,
  },
  { name: 'ok', title: 'ok', width: 8, from: 90, text: ({ successShare }) => percentage(successShare) },
  {
    name: 'tokens',
    title: 'tok/s',
    width: 6,
    text: ({ tokensPerSecond }) => figure(tokensPerSecond),
    order: ({ tokensPerSecond }) => tokensPerSecond,
  },
  {
    name: 'kernel',
    title: 'kernel',
    width: 12,
    isText: true,
    from: 110,
    text: ({ kernelVariant }) => kernelVariant ?? absent,
  },
  {
    name: 'error',
    title: 'error',
    width: 14,
    isText: true,
    from: 150,
    text: ({ errorType }) => errorType ?? absent,
    look: () => ({ role: 'bad' }),
  },
  {
    name: 'age',
    title: 'last',
    width: 7,
    text: ({ lastMs }, nowMs) => age(Math.max(0, nowMs - lastMs)),
    order: ({ lastMs }) => lastMs,
  },
];

export const nodeColumns: readonly Column<NodeView>[] = [
  { name: 'node', title: 'node', width: 16, isText: true, text: ({ node }) => node, look: () => strong },
  {
    name: 'power',
    title: 'power W',
    width: 8,
    text: ({ powerWatts }) => figure(powerWatts),
    look: () => ({ role: 'power', isBold: true }),
    order: ({ powerWatts }) => powerWatts,
  },
  { name: 'power-age', title: 'W age', width: 7, text: ({ powerAgeMs }) => age(powerAgeMs) },
  {
    name: 'p95',
    title: 'p95 ms',
    width: 7,
    text: ({ p95Ms }) => figure(p95Ms),
    look: () => ({ role: 'latency', isBold: true }),
    order: ({ p95Ms }) => p95Ms,
  },
  {
    name: 'energy',
    title: 'J/op',
    width: 7,
    from: 90,
    text: ({ joules }) => figure(joules),
    order: ({ joules }) => joules,
  },
  {
    name: 'findings',
    title: 'findings',
    width: 9,
    text: ({ findings }) => (findings === 0 ? '✓ 0' : `! ${findings}`),
    look: ({ findings }) => ({ role: findings === 0 ? 'good' : 'warn' }),
    order: ({ findings }) => findings,
  },
  {
    name: 'facts',
    title: 'lines',
    width: 9,
    from: 100,
    text: ({ facts }) => count(facts),
    order: ({ facts }) => facts,
  },
  { name: 'age', title: 'last', width: 7, text: ({ ageMs }) => age(ageMs), order: ({ ageMs }) => ageMs },
  {
    name: 'mark',
    title: '',
    width: 9,
    isText: true,
    from: 78,
    text: ({ isSimulated }) => (isSimulated ? 'simulated' : ''),
    look: () => ({ role: 'warn' }),
  },
];

export const findingColumns: readonly Column<Finding>[] = [
  {
    name: 'severity',
    title: 'finding',
    width: 7,
    isText: true,
    text: ({ severity }) => `${severities[severity].glyph} ${severity}`,
    look: ({ severity }) => severities[severity].look,
  },
  {
    name: 'times',
    title: 'times',
    width: 6,
    from: 50,
    text: ({ count: times }) => count(times),
    order: ({ count: times }) => times,
  },
  {
    name: 'age',
    title: 'last',
    width: 7,
    from: 76,
    text: ({ lastMs }, nowMs) => age(Math.max(0, nowMs - lastMs)),
    order: ({ lastMs }) => lastMs,
  },
  { name: 'node', title: 'node', width: 10, isText: true, text: ({ node }) => node ?? absent },
  { name: 'text', title: 'what', width: 400, isText: true, text: ({ text }) => text, look: () => strong },
];

/** The words that `--columns` takes: one list for all tables, because most of them share their columns. */
export const columnNames: readonly string[] = [
  ...new Set(
    [seriesColumns, runColumns, nodeColumns, findingColumns].flatMap((columns) => columns.map(({ name }) => name)),
  ),
];
