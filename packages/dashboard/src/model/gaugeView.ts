import { percentile } from '@benchlab-otel/analysis/figures';
import type { Gauge } from './gauges.ts';
import type { GaugeView } from './view.ts';

/** A gauge from `fromMs` to `toMs` in figures. */
export function gaugeView({ node, source, values, isSimulated }: Gauge, fromMs: number, toMs: number): GaugeView {
  const [start, end] = values.range(fromMs, toMs);
  const sorted = new Float64Array(end - start);
  let sum = 0;
  for (let row = start; row < end; row++) {
    const value = values.value(0, row);
    sorted[row - start] = value;
    sum += value;
  }
  sorted.sort();
  const n = sorted.length;
  const figures = {
    current: end === 0 ? undefined : values.value(0, end - 1),
    ageMs: end === 0 ? undefined : toMs - values.time(end - 1),
    min: sorted[0],
    mean: n === 0 ? undefined : sum / n,
    p95: percentile(sorted, 95),
    p99: percentile(sorted, 99),
    max: sorted.at(-1),
  };
  const measured = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
  return { node, source, n, isSimulated, ...measured };
}
