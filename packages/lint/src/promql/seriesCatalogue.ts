import { nearest } from '@benchlab-otel/analysis';
import {
  type Instrument,
  type MetricDefinition,
  prometheusLabel,
  prometheusName,
  type SignalRegistry,
} from '@benchlab-otel/core';

/** How a series counts: what may stand in `rate()`. */
type SeriesType = 'counter' | 'gauge';

/** What is known of the series of one name. */
export interface KnownSeries {
  readonly type: SeriesType;
  /** Labels that it may have, those of the target left out. */
  readonly labels: ReadonlySet<string>;
  /** Where the name comes from, for messages: `the registry`, `node_exporter 1.12.1`. */
  readonly origin: string;
  /** A recording rule has the labels that its expression leaves, and not those of a target. */
  readonly isRecorded?: boolean;
  /** UCUM, where it is known. */
  readonly unit?: string;
  /** Of the buckets of a histogram: the unit of what they count. */
  readonly observed?: string;
  /** It has labels that depend on something else: ALERTS those of each alert, target_info those of each resource. */
  readonly isOpen?: boolean;
  /** A native histogram: one series, without `_bucket`, `_sum` and `_count`. */
  readonly isNative?: boolean;
}

/** Series that other programs serve: the content of `monitoring/foreign-series.json`. */
export interface ForeignSeries {
  /** Labels that the configuration of targets adds to every series. */
  readonly targetLabels: readonly string[];
  readonly programs: readonly {
    readonly program: string;
    readonly version: string;
    readonly series: readonly { readonly name: string; readonly type: string; readonly labels: readonly string[] }[];
  }[];
}

/** What Prometheus writes itself at each scrape and for each alert. Source: prometheus.io/docs/concepts/jobs_instances. */
const ofPrometheus: readonly (readonly [string, readonly string[]])[] = [
  ['up', []],
  ['scrape_duration_seconds', []],
  ['scrape_samples_scraped', []],
  ['scrape_samples_post_metric_relabeling', []],
  ['scrape_series_added', []],
  ['ALERTS', ['alertname', 'alertstate', 'severity', 'owner']],
  ['target_info', ['host_name', 'service_name', 'service_version']],
];
const alwaysThere = ['job', 'instance'];
/** On every point of a process that was given one, and what the OTLP block of `prometheus.yml` promotes. */
const ofProcesses = ['environment', 'node', 'host_name', 'deployment_environment_name', 'otel_metric_overflow'];

/** Unknown names whose neighbours are looked for: each is compared with all series, and a file may have thousands. */
const maxNear = 200;

/** Every series that a query may name. Recording rules are added as they are read. */
export class SeriesCatalogue {
  readonly #series = new Map<string, KnownSeries>();
  /** Of names that were asked for before: queries ask again and again. */
  readonly #labels = new Map<string, ReadonlySet<string>>();
  readonly #values = new Map<string, readonly string[]>();
  readonly #ofAlerts = new Map<string, readonly string[]>([['alertstate', ['firing', 'pending']]]);
  readonly #targetLabels: Set<string>;
  readonly #families = new Set<string>();
  /** Names that were asked for before: finding the nearest compares with each series. */
  readonly #near = new Map<string, readonly string[]>();

  constructor(registry: SignalRegistry, foreign?: ForeignSeries) {
    this.#targetLabels = new Set([...alwaysThere, ...ofProcesses, ...(foreign?.targetLabels ?? [])]);
    for (const metric of registry.metrics) this.#addMetric(metric);
    for (const { name, values } of registry.attributes)
      if (values !== undefined) this.#values.set(prometheusLabel(name), values);
    for (const [name, labels] of ofPrometheus) {
      // Without the list, what the configuration of targets adds is not known.
      const isOpen = name === 'ALERTS' || name === 'target_info' || foreign === undefined;
      this.#series.set(name, { type: 'gauge', labels: new Set(labels), origin: 'Prometheus', isOpen });
    }
    for (const { program, version, series } of foreign?.programs ?? []) {
      for (const { name, type, labels } of series) {
        const origin = `${program} ${version}`;
        const known = { labels: new Set(labels), origin };
        if (type === 'histogram' || type === 'summary') this.#addParts(name, known, type);
        else if (type === 'native_histogram') this.#series.set(name, { ...known, type: 'counter', isNative: true });
        else this.#series.set(name, { ...known, type: type === 'counter' ? 'counter' : 'gauge' });
      }
    }
  }

  get targetLabels(): ReadonlySet<string> {
    return this.#targetLabels;
  }

  /** Adds what a recording rule writes. Two rules of one name have the labels of both. */
  addRecording(name: string, labels: Iterable<string>): void {
    const before = this.#series.get(name)?.labels ?? [];
    this.#labels.delete(name);
    this.#series.set(name, {
      type: 'gauge',
      labels: new Set([...before, ...labels]),
      origin: 'a recording rule',
      isRecorded: true,
    });
  }

  find(name: string): KnownSeries | undefined {
    return this.#series.get(name);
  }

  /** The labels of a known series, with those of its target. */
  labelsOf(name: string): ReadonlySet<string> | undefined {
    const before = this.#labels.get(name);
    const known = this.find(name);
    if (before !== undefined || known === undefined) return before;
    const labels = known.isRecorded ? known.labels : new Set([...known.labels, ...this.#targetLabels]);
    this.#labels.set(name, labels);
    return labels;
  }

  /** Whether a series of the registry begins with the same two words: then its name is one of ours, or a slip. */
  hasFamilyOf(name: string): boolean {
    const family = /^[^_:]+_[^_:]+/.exec(name)?.[0];
    return family !== undefined && this.#families.has(family);
  }

  /** Makes the names of alerts known: without them, any may be one. */
  addAlerts(names: readonly string[]): void {
    if (names.length > 0) this.#ofAlerts.set('alertname', names);
  }

  /** The closed set of values of a label: of series of the registry, and of ALERTS. Another program may have others. */
  valuesOf(label: string, series: string): readonly string[] | undefined {
    if (series === 'ALERTS') return this.#ofAlerts.get(label);
    return this.find(series)?.origin === 'the registry' ? this.#values.get(label) : undefined;
  }

  /** Names that are near to one that is not known. */
  near(name: string): readonly string[] {
    const known = this.#near.get(name);
    if (known !== undefined) return known;
    if (this.#near.size >= maxNear) return [];
    const near = nearest(name, this.#series.keys());
    this.#near.set(name, near);
    return near;
  }

  #addMetric(metric: MetricDefinition): void {
    const name = prometheusName(metric);
    this.#families.add(/^[^_:]+_[^_:]+/.exec(name)?.[0] ?? name);
    const labels = new Set(metric.attributes.map(prometheusLabel));
    const known = { labels, origin: 'the registry', unit: metric.unit };
    if (metric.instrument === 'histogram') this.#addParts(name, known, 'histogram');
    else this.#series.set(name, { ...known, type: typeOf(metric.instrument) });
  }

  #addParts(name: string, known: Omit<KnownSeries, 'type'>, type: 'histogram' | 'summary'): void {
    const { unit, ...unitless } = known;
    const counted = { ...unitless, type: 'counter', unit: '{observation}' } as const;
    this.#series.set(`${name}_count`, counted);
    this.#series.set(`${name}_sum`, { ...known, type: 'counter' });
    if (type === 'summary')
      this.#series.set(name, { ...known, type: 'gauge', labels: new Set([...known.labels, 'quantile']) });
    else {
      const observed = unit === undefined ? {} : { observed: unit };
      this.#series.set(`${name}_bucket`, { ...counted, ...observed, labels: new Set([...known.labels, 'le']) });
    }
  }
}

function typeOf(instrument: Instrument): SeriesType {
  return instrument === 'counter' ? 'counter' : 'gauge';
}
