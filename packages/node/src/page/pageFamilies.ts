import { type MetricDefinition, prometheusName, type ReportOnce, metric as registry } from '@benchlab-otel/core';
import type { InstrumentationScope } from '@opentelemetry/core';
import { AggregationTemporality, DataPointType, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { PageNames } from './pageNames.ts';

/** One family of Prometheus, and the metrics that it is made of: one, or one for each scope that has it. */
export interface PageFamily {
  readonly name: string;
  readonly help: string;
  /** In the words that names end with: `joules`, `bytes_per_second`, `ratio`. */
  readonly unit: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly metrics: ScopedMetric[];
}

interface ScopedMetric {
  readonly scope: InstrumentationScope;
  readonly metric: MetricData;
}

/** The page's metrics about itself. */
const ownMetrics = [
  registry.benchlabPageMergedPoints,
  registry.benchlabPageDroppedMetrics,
  registry.benchlabPageOverflow,
];

/** The families of one scrape: metrics by their names in Prometheus, without those that Prometheus would refuse. */
export class PageFamilies {
  /** By name. */
  readonly families: Map<string, PageFamily> = new Map();
  /** Number of metrics that were left out. */
  droppedMetrics = 0;
  /** The family of each sample name: `x_count` cannot be both a gauge and the count of the histogram `x`. */
  readonly #owners: Map<string, string>;
  readonly #names: PageNames;
  readonly #report: ReportOnce;

  constructor(scopeMetrics: readonly ScopeMetrics[], names: PageNames, report: ReportOnce) {
    this.#names = names;
    this.#report = report;
    const ownNames = [names.given('target_info'), ...ownMetrics.map((metric) => names.metric(metric))];
    this.#owners = new Map(ownNames.map((name) => [name, name]));
    for (const { scope, metrics } of scopeMetrics) for (const metric of metrics) this.#add(scope, metric);
  }

  #add(scope: InstrumentationScope, metric: MetricData): void {
    if (metric.dataPoints.length === 0) return;
    const family = this.#familyOf(metric);
    if (typeof family !== 'string') {
      family.metrics.push({ scope, metric });
      return;
    }
    this.droppedMetrics += 1;
    this.#report(`the metric ${metric.descriptor.name} is left out: ${family}.`);
  }

  /** The family of the metric, or the reason why it cannot have one. */
  #familyOf(metric: MetricData): PageFamily | string {
    const instrument = instrumentOf(metric);
    const type = instrument === 'updowncounter' ? 'gauge' : instrument;
    const name = this.#names.metric({ ...metric.descriptor, instrument });
    if (name === '') return 'no character of its name is allowed in Prometheus';
    if (type !== 'gauge' && metric.aggregationTemporality === AggregationTemporality.DELTA) {
      return 'it is not cumulative';
    }
    const known = this.families.get(name);
    if (known?.type === type) return known;
    if (known !== undefined) return `${name} is already a ${known.type}, and this one is a ${type}`;
    const names = type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
    const taken = names.find((each) => this.#owners.has(each));
    if (taken !== undefined) return `${taken} is already a name of the metric ${this.#owners.get(taken)}`;
    for (const each of names) this.#owners.set(each, name);
    const { description: help, unit } = metric.descriptor;
    const family: PageFamily = { name, help, unit: unitWords(unit, instrument), type, metrics: [] };
    this.families.set(name, family);
    return family;
  }
}

/** The words that the unit adds to a name. */
function unitWords(unit: string, instrument: MetricDefinition['instrument']): string {
  const plain = instrument === 'counter' ? 'updowncounter' : instrument; // else it adds `total` too
  return prometheusName({ name: 'x', unit, instrument: plain }).slice('x_'.length);
}

function instrumentOf(metric: MetricData): MetricDefinition['instrument'] {
  if (metric.dataPointType === DataPointType.GAUGE) return 'gauge';
  if (metric.dataPointType === DataPointType.SUM) return metric.isMonotonic ? 'counter' : 'updowncounter';
  return 'histogram';
}
