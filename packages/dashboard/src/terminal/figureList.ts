import type { DashboardView, GaugeView, NodeView, RunView, SeriesView } from '../model/view.ts';

/** A number and its unit, apart: programs must not take them apart again. */
interface Quantity {
  readonly value: number;
  /** UCUM: `ms`, `W`, `J`, `1` for shares and counts, `/s`. */
  readonly unit: string;
}

type Quantities = Readonly<Record<string, Quantity>>;

/** A view for `--json`: figures with their units, and no field for what was not measured. */
export function viewObject(view: DashboardView): object {
  const { range, paused, series, power, tokens, runs, nodes, findings, inputs, baseline, headline: _, ...rest } = view;
  return {
    range: {
      from: new Date(range.fromMs).toISOString(),
      to: new Date(range.toMs).toISOString(),
      mode: range.mode,
      ...quantities([['age', range.ageMs, 'ms']]),
    },
    simulated: rest.isSimulated,
    series: series.map((each) => ({ ...each.series, ...marks(each), ...seriesQuantities(each), ...deltaObject(each) })),
    ...(power === undefined ? {} : { power: gaugeObject(power, 'W') }),
    ...(tokens === undefined ? {} : { tokens: gaugeObject(tokens, '/s') }),
    runs: runs.map(runObject),
    nodes: nodes.map(nodeObject),
    findings: findings.map(({ severity, text, node, count }) => ({ severity, text, ...(node && { node }), count })),
    inputs: inputs.map(({ name, node, condition, reason, facts, refused, clock }) => ({
      name,
      node,
      condition,
      ...(reason && { reason }),
      ...(clock && { clock }),
      facts,
      refusedLines: refused?.count ?? 0,
    })),
    ...(baseline === undefined ? {} : { baseline }),
    facts: rest.facts,
    refusedLines: rest.refusedLines,
    forgotten: rest.forgotten,
  };
}

/** A view for `--plain`: a line a figure, its fields apart by tabs: what, node, series, figure, value, unit. */
export function viewLines(view: DashboardView): readonly string[] {
  const line = (what: string, node: string, name: string, given: Quantities) =>
    Object.entries(given).map(([figure, { value, unit }]) =>
      [what, node, name, figure, value, unit].map(field).join('\t'),
    );
  return [
    ...view.series.flatMap((each) =>
      line(each.series.kind, each.series.node, each.series.name, seriesQuantities(each)),
    ),
    ...(view.power === undefined
      ? []
      : line('power', view.power.node, view.power.source, gaugeQuantities(view.power, 'W'))),
    ...(view.tokens === undefined
      ? []
      : line('tokens', view.tokens.node, view.tokens.source, gaugeQuantities(view.tokens, '/s'))),
    ...view.findings.map(({ severity, text, node = '', count }) =>
      ['finding', node, text, severity, count, '1'].map(field).join('\t'),
    ),
  ];
}

function seriesQuantities(series: SeriesView): Quantities {
  return quantities([
    ['n', series.n, '1'],
    ['p50', series.p50Ms, 'ms'],
    ['p95', series.p95Ms, 'ms'],
    ['p99', series.p99Ms, 'ms'],
    ['min', series.minMs, 'ms'],
    ['mean', series.meanMs, 'ms'],
    ['max', series.maxMs, 'ms'],
    ['current', series.currentMs, 'ms'],
    ['success', series.successShare, '1'],
    ['failed', series.failed, '1'],
    ['dropped', series.dropped, '1'],
    ['energy', series.joules, 'J'],
    ['p95_ratio', series.delta?.p95Ratio, '1'],
  ]);
}

function deltaObject({ delta, level }: SeriesView): object {
  const words = delta === undefined ? {} : { change: delta.word, baselineN: delta.baselineN };
  return { ...words, ...(level === undefined ? {} : { level }) };
}

function marks({ isSimulated, isByOrder }: SeriesView): object {
  return { ...(isSimulated ? { simulated: true } : {}), ...(isByOrder ? { pairing: 'fifo' } : {}) };
}

function gaugeObject(gauge: GaugeView, unit: string): object {
  const { node, source, isSimulated } = gauge;
  return { node, source, ...(isSimulated ? { simulated: true } : {}), ...gaugeQuantities(gauge, unit) };
}

function gaugeQuantities(gauge: GaugeView, unit: string): Quantities {
  return quantities([
    ['n', gauge.n, '1'],
    ['current', gauge.current, unit],
    ['age', gauge.ageMs, 'ms'],
    ['min', gauge.min, unit],
    ['mean', gauge.mean, unit],
    ['p95', gauge.p95, unit],
    ['p99', gauge.p99, unit],
    ['max', gauge.max, unit],
  ]);
}

function runObject(run: RunView): object {
  const { id, node, component, state, kernelVariant, errorType, isSimulated } = run;
  return {
    id,
    node,
    component,
    state,
    ...(kernelVariant && { kernelVariant }),
    ...(errorType && { errorType }),
    ...(isSimulated ? { simulated: true } : {}),
    ...quantities([
      ['launches', run.launches, '1'],
      ['completions', run.completions, '1'],
      ['failures', run.failures, '1'],
      ['p50', run.p50Ms, 'ms'],
      ['p95', run.p95Ms, 'ms'],
      ['p99', run.p99Ms, 'ms'],
      ['success', run.successShare, '1'],
      ['tokens', run.tokensPerSecond, '/s'],
    ]),
  };
}

function nodeObject(node: NodeView): object {
  return {
    node: node.node,
    ...(node.isSimulated ? { simulated: true } : {}),
    ...quantities([
      ['age', node.ageMs, 'ms'],
      ['power', node.powerWatts, 'W'],
      ['power_age', node.powerAgeMs, 'ms'],
      ['p95', node.p95Ms, 'ms'],
      ['energy', node.joules, 'J'],
      ['findings', node.findings, '1'],
      ['facts', node.facts, '1'],
    ]),
  };
}

function quantities(given: readonly (readonly [name: string, value: number | undefined, unit: string])[]): Quantities {
  return Object.fromEntries(
    given.flatMap(([name, value, unit]) => (value === undefined ? [] : [[name, { value, unit }]])),
  );
}

/** A tab or a line feed from outside must not make a field or a line. */
function field(value: string | number): string {
  return String(value).replace(/[\t\r\n]/g, ' ');
}
