import type { DashboardView, Theme } from '../../src/model/index.ts';
import { absent, count, share, withUnit } from './format.ts';

const [width, margin, line] = [1600, 48, 30];
const chartTop = 236;

/**
 * The chart with all that a reader of the picture alone needs: title, legend, statistics, source and range of time.
 *
 * @param chart as it is drawn in the page
 */
export function picture(view: DashboardView, chart: HTMLCanvasElement, theme: Theme): HTMLCanvasElement {
  const chartWidth = width - 2 * margin;
  const chartHeight = Math.round((chart.height / chart.width) * chartWidth);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = chartTop + chartHeight + margin + 2 * line;
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  const write = (text: string, x: number, y: number, colour: string, font: string) => {
    context.font = `${font} system-ui, sans-serif`;
    context.fillStyle = colour;
    context.fillText(text, x, y, width - margin - x);
  };
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width, canvas.height);
  const { headline, power } = view;
  const mark = view.isSimulated ? ' · simulated' : '';
  write(`${titleOf(view)}${mark}`, margin, margin + 24, theme.emphasis, '600 34px');
  write(latencyText(view), margin, margin + 24 + 1.6 * line, theme.latency, '24px');
  write(powerText(view), margin, margin + 24 + 2.7 * line, theme.power, '24px');
  write(comparedText(view), margin, margin + 24 + 3.8 * line, theme.text, '24px');
  context.drawImage(chart, margin, chartTop, chartWidth, chartHeight);
  const sources = view.inputs.map(({ name }) => name).join(', ');
  const bottom = chartTop + chartHeight + line;
  write(
    `${rangeText(view)} · — latency, ms${headline === undefined ? ': not measured' : ''} · ┄ power, W${power === undefined ? ': not measured' : ''}`,
    margin,
    bottom,
    theme.text,
    '20px',
  );
  write(`source: ${sources === '' ? absent : sources}`, margin, bottom + line, theme.text, '20px');
  return canvas;
}

function titleOf({ headline }: DashboardView): string {
  if (headline === undefined) return 'No run and no frame';
  const word = headline.level === undefined ? '' : `, ${headline.level}`;
  return `${headline.series.name} on ${headline.series.node}: p95 ${withUnit(headline.p95Ms, 'ms')}${word}`;
}

function latencyText({ headline }: DashboardView): string {
  if (headline === undefined) return `latency ${absent}`;
  const { p50Ms, p99Ms, minMs, maxMs, n, successShare } = headline;
  return `latency: p50 ${withUnit(p50Ms, 'ms')}, p99 ${withUnit(p99Ms, 'ms')}, ${withUnit(minMs, 'ms')} to ${withUnit(maxMs, 'ms')}, n ${count(n)}, ${share(successShare)} succeeded`;
}

function powerText({ power }: DashboardView): string {
  if (power === undefined) return `power ${absent}`;
  const { mean, p95, min, max, n, source } = power;
  return `power of ${source}: mean ${withUnit(mean, 'W')}, p95 ${withUnit(p95, 'W')}, ${withUnit(min, 'W')} to ${withUnit(max, 'W')}, n ${count(n)}`;
}

function comparedText({ headline, baseline }: DashboardView): string {
  if (baseline === undefined) return '';
  const delta = headline?.delta;
  if (delta === undefined) return `not in the baseline ${baseline}`;
  const change = delta.p95Ratio === undefined ? '' : ` (p95 ×${delta.p95Ratio.toFixed(2)})`;
  return `${delta.word}${change} against ${baseline}, n ${count(delta.n)} against ${count(delta.baselineN)}`;
}

function rangeText({ range: { fromMs, toMs } }: DashboardView): string {
  return `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
}
