import type { DashboardView, GaugeView, SeriesView } from '../model/view.ts';
import { putBig } from './bigDigits.ts';
import type { Cells, Look, Rect } from './cells.ts';
import { absent, age, count, deltaLook, deltaText, figure, levels, percentage } from './figures.ts';

/** Rows that the figures take: label, three of digits, two of details. */
export const figureRows = 6;

const label: Look = { role: 'text' };
const strong: Look = { role: 'emphasis', isBold: true };

/** The two headlines: p95 of the latency, and power now. */
export function drawFigures(cells: Cells, rect: Rect, view: DashboardView, hasBig: boolean): void {
  const left = Math.floor(rect.width / 2);
  drawLatency(cells, { ...rect, width: left - 1 }, view.headline, view.baseline, hasBig);
  const right = { x: rect.x + left + 1, y: rect.y, width: rect.width - left - 1, height: rect.height };
  if (view.power === undefined && view.tokens !== undefined) drawGauge(cells, right, view.tokens, tokens, hasBig);
  else drawGauge(cells, right, view.power, power, hasBig);
}

function drawLatency(
  cells: Cells,
  { x, y, width }: Rect,
  series: SeriesView | undefined,
  baseline: string | undefined,
  hasBig: boolean,
): void {
  const end = x + width;
  const from = cells.put(x, y, 'p95 latency  ', label, end);
  cells.put(from, y, series?.series.name ?? 'no run and no frame in this window', strong, end);
  const after = putHeadline(cells, x, y + 1, figure(series?.p95Ms), { role: 'latency', isBold: true }, end, hasBig);
  cells.put(after, y + 2, 'ms', label, end);
  if (series?.level !== undefined) {
    const { glyph, look } = levels[series.level];
    cells.put(after + 4, y + 2, `${glyph} ${series.level}`, look, end);
  }
  if (series === undefined) return;
  putParts(cells, x, y + 4, end, [
    ['p50', figure(series.p50Ms)],
    ['p99', figure(series.p99Ms)],
    ['max', figure(series.maxMs)],
    ['now', figure(series.currentMs)],
  ]);
  const next = putParts(cells, x, y + 5, end, [
    ['n', count(series.n)],
    ['ok', percentage(series.successShare)],
    ...(series.failed > 0 ? [['failed', count(series.failed)] as const] : []),
    ...(series.dropped > 0 ? [['dropped', count(series.dropped)] as const] : []),
    ...(series.isByOrder ? [['', 'paired by order'] as const] : []),
    ...(series.isSimulated ? [['', 'simulated'] as const] : []),
  ]);
  if (baseline === undefined) return;
  const { delta } = series;
  const of = delta === undefined ? 'not in the baseline' : `${deltaText(delta)} (n ${count(delta.baselineN)})`;
  cells.put(Math.max(next, x), y + 5, of, deltaLook(delta), end);
}

interface GaugeWords {
  readonly title: string;
  readonly unit: string;
  readonly look: Look;
}

const power: GaugeWords = { title: 'power  ', unit: 'W', look: { role: 'power', isBold: true } };
const tokens: GaugeWords = { title: 'tokens  ', unit: 'tok/s', look: { role: 'power', isBold: true } };

function drawGauge(
  cells: Cells,
  { x, y, width }: Rect,
  gauge: GaugeView | undefined,
  words: GaugeWords,
  hasBig: boolean,
): void {
  const end = x + width;
  const from = cells.put(x, y, words.title, label, end);
  cells.put(from, y, gauge === undefined ? 'no meter' : gauge.source, strong, end);
  const after = putHeadline(cells, x, y + 1, figure(gauge?.current), words.look, end, hasBig);
  const next = cells.put(after, y + 2, words.unit, label, end);
  if (gauge === undefined) return;
  // A value that is older than the rate of any meter is marked: it is not the power now.
  const isOld = (gauge.ageMs ?? 0) > 5_000;
  cells.put(
    next + 2,
    y + 2,
    isOld ? `! ${age(gauge.ageMs)} old` : `${age(gauge.ageMs)} old`,
    isOld ? { role: 'warn' } : label,
    end,
  );
  putParts(cells, x, y + 4, end, [
    ['min', figure(gauge.min)],
    ['mean', figure(gauge.mean)],
    ['p95', figure(gauge.p95)],
    ['max', figure(gauge.max)],
  ]);
  putParts(cells, x, y + 5, end, [['n', count(gauge.n)], ...(gauge.isSimulated ? [['', 'simulated'] as const] : [])]);
}

function putHeadline(
  cells: Cells,
  x: number,
  y: number,
  text: string,
  look: Look,
  end: number,
  hasBig: boolean,
): number {
  if (hasBig && /^[0-9.]+$|^–$/.test(text)) return putBig(cells, x, y, text, look, end) + 1;
  return cells.put(x, y + 1, text, look, end) + 1;
}

/** `p50 4.10  p99 12.0`: names plain, values strong. @returns the column after them */
function putParts(
  cells: Cells,
  x: number,
  y: number,
  end: number,
  parts: readonly (readonly [name: string, value: string])[],
): number {
  let column = x;
  for (const [name, value] of parts) {
    if (column + name.length + value.length + 1 > end) break;
    if (name !== '') column = cells.put(column, y, `${name} `, label, end);
    column = cells.put(column, y, value, value === absent ? label : strong, end) + 2;
  }
  return column;
}
