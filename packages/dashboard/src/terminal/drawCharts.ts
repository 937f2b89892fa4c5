import type { Band } from '../model/bands.ts';
import type { Chart } from '../model/charts.ts';
import type { Histogram } from '../model/histogram.ts';
import type { Scatter } from '../model/scatter.ts';
import type { Cells, Look, Rect } from './cells.ts';
import { age, count, figure } from './figures.ts';
import { bounds, type PlotKind, plot, tightBounds } from './plot.ts';

/** Columns of the numbers at the left of a curve. */
const axis = 7;

const label: Look = { role: 'text' };
const line: Look = { role: 'border' };
const latencyLook: Look = { role: 'latency' };
const powerLook: Look = { role: 'power' };

/** Columns of a curve in a pane of some width. */
export function curveColumns(width: number): number {
  return Math.max(1, width - axis - 1);
}

/** A curve with its title, the range of its values and of its time. */
export function drawCurve(
  cells: Cells,
  rect: Rect,
  title: string,
  band: Band,
  { range }: Chart,
  kind: PlotKind,
  isLatency: boolean,
): void {
  const { x, y, width, height } = rect;
  drawTitle(cells, x, y, width, title, isLatency ? latencyLook : powerLook);
  const inner = { x: x + axis, y: y + 1, width: curveColumns(width), height: height - 2 };
  const { least, greatest } = band;
  if (least === undefined || greatest === undefined) {
    cells.put(inner.x, y + 1 + Math.floor(inner.height / 2), 'nothing in this window', label, x + width);
  } else {
    const [low, high] = bounds(least, greatest);
    putRight(cells, x, y + 1, axis - 1, figure(high));
    putRight(cells, x, y + height - 2, axis - 1, figure(low));
    plot(cells, inner, band, [low, high], kind, isLatency ? latencyLook : powerLook);
  }
  const spanMs = range.toMs - range.fromMs;
  const newest = range.mode === 'recording' ? new Date(range.toMs).toISOString().slice(0, 19).replace('T', ' ') : 'now';
  cells.put(inner.x, y + height - 1, `-${age(spanMs)}`, label, x + width);
  cells.put(Math.max(inner.x, x + width - newest.length - 1), y + height - 1, newest, label, x + width);
}

/** How often which latency, as lying bars. */
export function drawHistogram(
  cells: Cells,
  { x, y, width, height }: Rect,
  made: Histogram | undefined,
  kind: PlotKind,
): void {
  drawTitle(cells, x, y, width, 'latency, how often', latencyLook);
  if (made === undefined) {
    cells.put(x + axis, y + 1 + Math.floor((height - 2) / 2), 'nothing in this window', label, x + width);
    return;
  }
  const most = Math.max(...made.counts);
  const room = Math.max(1, width - axis - 8);
  for (const [at, times] of made.counts.entries()) {
    if (at >= height - 2) break;
    putRight(cells, x, y + 1 + at, axis - 1, figure(made.fromMs + at * made.widthMs));
    const bar = times === 0 ? 0 : Math.max(1, Math.round((times / most) * room));
    const end = cells.put(x + axis, y + 1 + at, (kind === 'ascii' ? '#' : '█').repeat(bar), latencyLook, x + width);
    if (times > 0) cells.put(end + 1, y + 1 + at, count(times), label, x + width);
  }
  const above = made.above === 0 ? '' : `, ${count(made.above)} above`;
  cells.put(x + axis, y + height - 1, `ms, from; n ${count(made.n)}${above}`, label, x + width);
}

/** Latency against the power at its time. */
export function drawScatter(
  cells: Cells,
  { x, y, width, height }: Rect,
  { powerWatts, latencyMs, oldestPowerMs, of }: Scatter,
): void {
  drawTitle(cells, x, y, width, 'latency ms (up) over power W (right)', powerLook);
  const inner = { x: x + axis, y: y + 1, width: curveColumns(width), height: height - 2 };
  if (powerWatts.length === 0) {
    cells.put(inner.x, y + 1 + Math.floor(inner.height / 2), 'no latency with power within a second', label, x + width);
    return;
  }
  const [left, right] = tightBounds(Math.min(...powerWatts), Math.max(...powerWatts));
  const [low, high] = tightBounds(Math.min(...latencyMs), Math.max(...latencyMs));
  const at = (value: number, from: number, to: number, cellCount: number) =>
    Math.min(cellCount - 1, Math.floor(((value - from) / (to - from)) * cellCount));
  for (const [point, watts] of powerWatts.entries()) {
    const column = at(watts, left, right, inner.width);
    const row = at(latencyMs[point] ?? low, low, high, inner.height);
    cells.set(inner.x + column, inner.y + inner.height - 1 - row, '•', powerLook);
  }
  putRight(cells, x, y + 1, axis - 1, figure(high));
  putRight(cells, x, y + height - 2, axis - 1, figure(low));
  cells.put(inner.x, y + height - 1, `${figure(left)} W`, label, x + width);
  const text = `${count(powerWatts.length)} of ${count(of)}, power ≤ ${age(oldestPowerMs)} old   ${figure(right)} W`;
  cells.put(Math.max(inner.x + 10, x + width - text.length - 1), y + height - 1, text, label, x + width);
}

/** A title on a line: the one kind of frame that the screen has. */
export function drawTitle(cells: Cells, x: number, y: number, width: number, title: string, look: Look): void {
  cells.put(x, y, '─'.repeat(Math.max(0, width)), line, x + width);
  cells.put(x + 1, y, ` ${title} `, look, x + width);
}

function putRight(cells: Cells, x: number, y: number, width: number, text: string): void {
  cells.put(x + Math.max(0, width - text.length), y, text, label, x + width);
}
