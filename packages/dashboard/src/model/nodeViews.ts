import type { FactStore } from './factStore.ts';
import type { Finding } from './findings.ts';
import type { NodeView, SeriesView } from './view.ts';

/** A row for each bench, at `toMs`. `series` are all of them, the one with the most rows first, and `found` are all findings. */
export function nodeViews(
  store: FactStore,
  series: readonly SeriesView[],
  found: readonly Finding[],
  toMs: number,
): readonly NodeView[] {
  return [...store.nodes.values()].map(({ node, lastMs, facts, isSimulated }) => {
    const main = series.find((each) => each.series.node === node);
    const values = store.gauges.powerOf(node)?.values;
    const last = values === undefined ? -1 : values.range(toMs, toMs)[1] - 1;
    const figures = {
      powerWatts: last < 0 ? undefined : values?.value(0, last),
      powerAgeMs: last < 0 || values === undefined ? undefined : toMs - values.time(last),
      p95Ms: main?.p95Ms,
      p95Series: main?.series.name,
      joules: main?.joules,
    };
    const measured = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
    const findings = found.filter((each) => each.node === node && each.severity !== 'note').length;
    return { node, ageMs: Math.max(0, toMs - lastMs), facts, findings, isSimulated, ...measured };
  });
}
