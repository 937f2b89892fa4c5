import { type MetricDefinition, prometheusUnit, type ReportOnce } from '@benchlab-otel/core';
import type { InstrumentationScope } from '@opentelemetry/core';
import { AggregationTemporality, DataPointType, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { NameOwners } from './nameOwners.ts';
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

/** The families of one scrape: metrics by their names in Prometheus, without those that Prometheus would refuse. */
export class PageFamilies {
  /** By name. */
  readonly families: Map<string, PageFamily> = new Map();
  /** Number of metrics that were left out. */
  droppedMetrics = 0;
  readonly #names: PageNames;
  readonly #owners: NameOwners;
  readonly #report: ReportOnce;

  constructor(scopeMetrics: readonly ScopeMetrics[], names: PageNames, owners: NameOwners, report: ReportOnce) {
    this.#names = names;
    this.#owners = owners;
    this.#report = report;
    const known = new Set<string>();
    for (const { scope, metrics } of scopeMetrics) {
      for (const metric of metrics) this.#add(scope, metric, known);
    }
    owners.takeStems([...this.families.keys()].filter((name) => !known.has(name)));
  }

  /** @param known gets the names of families that earlier scrapes had */
  #add(scope: InstrumentationScope, metric: MetricData, known: Set<string>): void {
    if (metric.dataPoints.length === 0) return;
    const family = this.#familyOf(metric, known);
    if (typeof family !== 'string') {
      family.metrics.push({ scope, metric });
      return;
    }
    this.droppedMetrics += 1;
    this.#report(`the metric ${metric.descriptor.name} is left out: ${family}.`);
  }

  /** The family of the metric, or the reason why it cannot have one. */
  #familyOf(metric: MetricData, seen: Set<string>): PageFamily | string {
    const instrument = instrumentOf(metric);
    const type = instrument === 'updowncounter' ? 'gauge' : instrument;
    const name = this.#names.metric({ ...metric.descriptor, instrument });
    if (name === '' || (type === 'counter' && name === '_total')) {
      return 'no character of its name is allowed in Prometheus';
    }
    if (type !== 'gauge' && metric.aggregationTemporality === AggregationTemporality.DELTA) {
      return 'it is not cumulative';
    }
    const known = this.families.get(name);
    if (known?.type === type) return known;
    if (known === undefined && this.#owners.has(name)) seen.add(name);
    const refusal = this.#owners.take(name, type);
    if (refusal !== undefined) return refusal;
    const { description: help, unit } = metric.descriptor;
    const family: PageFamily = { name, help, unit: prometheusUnit({ unit, instrument }), type, metrics: [] };
    this.families.set(name, family);
    return family;
  }
}

function instrumentOf(metric: MetricData): MetricDefinition['instrument'] {
  if (metric.dataPointType === DataPointType.GAUGE) return 'gauge';
  if (metric.dataPointType === DataPointType.SUM) return metric.isMonotonic ? 'counter' : 'updowncounter';
  return 'histogram';
}
