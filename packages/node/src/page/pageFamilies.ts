import { type MetricDefinition, prometheusName, metric as registry } from '@benchlab-otel/sdk';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { Warnings } from './warnings.ts';

/** One family as Prometheus sees it, and the metrics that it is made of: one, or one for each scope that has it. */
export interface PageFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly metrics: MetricData[];
}

/** Families that the page writes itself. */
const ownNames = [
  'target_info',
  prometheusName(registry.benchlabPageMergedPoints),
  prometheusName(registry.benchlabPageDroppedMetrics),
];

/** The families of one scrape: metrics by the name that Prometheus knows them by, without those that it would refuse. */
export class PageFamilies {
  /** By name. */
  readonly families: Map<string, PageFamily> = new Map();
  /** Metrics that were left out. */
  droppedMetrics = 0;
  /** Family by the names of its samples: `x_count` cannot be both a gauge and the count of the histogram `x`. */
  readonly #owners = new Map<string, string>(ownNames.map((name) => [name, name]));
  readonly #warnings: Warnings;

  constructor(warnings: Warnings) {
    this.#warnings = warnings;
  }

  add(metric: MetricData): void {
    if (metric.dataPoints.length === 0) return;
    const family = this.#familyOf(metric);
    if (typeof family !== 'string') {
      family.metrics.push(metric);
      return;
    }
    this.droppedMetrics += 1;
    this.#warnings.warn(`Metric ${metric.descriptor.name} is left out of the metrics page: ${family}.`);
  }

  /** The family of the metric, or why it cannot have one. */
  #familyOf(metric: MetricData): PageFamily | string {
    const instrument = instrumentOf(metric);
    const type = instrument === 'updowncounter' ? 'gauge' : instrument;
    const name = prometheusName({ ...metric.descriptor, instrument });
    if (name === '') return 'no character of its name is allowed in Prometheus';
    if (type !== 'gauge' && metric.aggregationTemporality === AggregationTemporality.DELTA) {
      return 'it is not cumulative';
    }
    const known = this.families.get(name);
    if (known?.type === type) return known;
    if (known !== undefined) return `${name} is a ${known.type} already, and it is a ${type}`;
    const names = type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
    const taken = names.find((each) => this.#owners.has(each));
    if (taken !== undefined) return `${taken} is a name of the ${this.#owners.get(taken)} metric already`;
    for (const each of names) this.#owners.set(each, name);
    const family: PageFamily = { name, help: metric.descriptor.description, type, metrics: [] };
    this.families.set(name, family);
    return family;
  }
}

function instrumentOf(metric: MetricData): MetricDefinition['instrument'] {
  if (metric.dataPointType === DataPointType.GAUGE) return 'gauge';
  if (metric.dataPointType === DataPointType.SUM) return metric.isMonotonic ? 'counter' : 'updowncounter';
  return 'histogram';
}
