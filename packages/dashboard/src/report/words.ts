import type { DashboardView, SeriesView } from '../model/view.ts';
import { absent, count, share, withUnit } from './format.ts';

/** What is shown and how it stands: `ingress → encoded on bench-1: p95 10.3 ms, slow`. */
export function titleText({ headline }: DashboardView): string {
  if (headline === undefined) return 'No run and no frame';
  const word = headline.level === undefined ? '' : `, ${headline.level}`;
  return `${headline.series.name} on ${headline.series.node}: p95 ${withUnit(headline.p95Ms, 'ms')}${word}`;
}

/** The figures of the headline. */
export function latencyText({ headline }: DashboardView): string {
  if (headline === undefined) return `latency ${absent}`;
  const { p50Ms, p99Ms, minMs, maxMs, n, successShare } = headline;
  return `latency: p50 ${withUnit(p50Ms, 'ms')}, p99 ${withUnit(p99Ms, 'ms')}, ${withUnit(minMs, 'ms')} to ${withUnit(maxMs, 'ms')}, n ${count(n)}, ${share(successShare)} succeeded`;
}

export function powerText({ power }: DashboardView): string {
  if (power === undefined) return `power ${absent}`;
  const { mean, p95, min, max, n, source } = power;
  return `power of ${source}: mean ${withUnit(mean, 'W')}, p95 ${withUnit(p95, 'W')}, ${withUnit(min, 'W')} to ${withUnit(max, 'W')}, n ${count(n)}`;
}

/** A series against the baseline; empty without a baseline. */
export function comparedText({ delta }: SeriesView, baseline: string | undefined): string {
  if (baseline === undefined) return '';
  if (delta === undefined) return 'not in the baseline';
  const { word, p95Ratio, n, baselineN } = delta;
  const percent = p95Ratio === undefined || word === 'too few' ? '' : ` ${signed((p95Ratio - 1) * 100)} %`;
  const words = word === 'too few' ? 'too few to compare' : word;
  return `${words}${percent} (n ${count(n)} against ${count(baselineN)})`;
}

export function rangeText({ range: { fromMs, toMs } }: DashboardView): string {
  return `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
}

export function sourceText({ inputs }: DashboardView): string {
  return inputs.length === 0 ? absent : inputs.map(({ name }) => name).join(', ');
}

/** Whether a step kept its target. */
export function targetWord(isTargetMet: boolean | undefined): string {
  if (isTargetMet === undefined) return absent;
  return isTargetMet ? 'met' : 'missed';
}

function signed(percent: number): string {
  return `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(0)}`;
}
