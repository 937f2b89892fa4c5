import { type MetricDefinition, prometheusName, metric as registry } from '@benchlab-otel/sdk';
import type { Attributes } from '@opentelemetry/api';
import type { Histogram, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { FamilySeries, pointsPerSlice, type ReadSeries } from './familySeries.ts';
import { labelText } from './labelText.ts';
import { PageFamilies, type PageFamily } from './pageFamilies.ts';
import { Warnings } from './warnings.ts';

/**
 * Writes collected metrics in Prometheus' text format 0.0.4.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export class PageText {
  readonly #constantLabels: Attributes;
  readonly #warnings = new Warnings();
  /** By family, of the latest scrape. */
  #series = new Map<string, FamilySeries>();

  /** `constantLabels` are added to every series but `target_info`; a series' own label wins. */
  constructor(constantLabels: Attributes) {
    this.#constantLabels = constantLabels;
  }

  /** Yields the page in slices of about 2000 lines; between them the caller may let others work. Some are empty. */
  *render({ resource, scopeMetrics }: ResourceMetrics): Generator<string> {
    const { families, droppedMetrics } = this.#families(scopeMetrics);
    // Attributes that are still being found out are not waited for: a later scrape has them.
    if (resource.asyncAttributesPending !== true) yield targetInfo(resource.attributes);
    const latest = this.#series;
    this.#series = new Map();
    let mergedPoints = 0;
    for (const family of families.values()) {
      const series = latest.get(family.name) ?? new FamilySeries(this.#constantLabels);
      this.#series.set(family.name, series);
      const reading = series.read(family);
      let read = reading.next();
      for (; read.done !== true; read = reading.next()) yield '';
      const points = family.metrics.reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
      mergedPoints += points - read.value.points.length;
      yield* familyText(family, read.value);
    }
    yield this.#ownGauge(registry.benchlabPageMergedPoints, mergedPoints);
    yield this.#ownGauge(registry.benchlabPageDroppedMetrics, droppedMetrics);
  }

  #families(scopeMetrics: ResourceMetrics['scopeMetrics']): PageFamilies {
    const collected = new PageFamilies(this.#warnings);
    for (const { metrics } of scopeMetrics) for (const metric of metrics) collected.add(metric);
    return collected;
  }

  #ownGauge(definition: MetricDefinition, value: number): string {
    const name = prometheusName(definition);
    return head(name, definition.description, 'gauge') + line(name, labelText({}, this.#constantLabels), value);
  }
}

/** All attributes of the resource, as the OTLP receiver of Prometheus writes them with keep_identifying_resource_attributes. */
function targetInfo(attributes: Attributes): string {
  const labels = labelText(attributes);
  return labels === '' ? '' : head('target_info', 'Target metadata', 'gauge') + line('target_info', labels, 1);
}

function* familyText({ name, help, type }: PageFamily, { labels, points }: ReadSeries): Generator<string> {
  let text = head(name, help, type);
  let lines = 0;
  for (const [i, { value }] of points.entries()) {
    const label = labels[i] ?? '';
    if (typeof value === 'number') {
      text += line(name, label, value);
      lines += 1;
    } else {
      text += histogramLines(name, label, value);
      lines += value.buckets.boundaries.length + 3;
    }
    if (lines >= pointsPerSlice) {
      yield text;
      text = '';
      lines = 0;
    }
  }
  yield text;
}

function histogramLines(name: string, labels: string, { buckets, sum, count }: Histogram): string {
  const before = labels === '' ? '' : `${labels},`;
  let text = '';
  let total = 0;
  for (const [i, bound] of buckets.boundaries.entries()) {
    // Some aggregators list infinity among their bounds; it is written once, below.
    if (bound === Infinity) break;
    total += buckets.counts[i] ?? 0;
    text += line(`${name}_bucket`, `${before}le="${valueText(bound)}"`, total);
  }
  text += line(`${name}_bucket`, `${before}le="+Inf"`, count);
  if (sum !== undefined) text += line(`${name}_sum`, labels, sum);
  return text + line(`${name}_count`, labels, count);
}

function head(name: string, help: string, type: PageFamily['type']): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `${escaped === '' ? '' : `# HELP ${name} ${escaped}\n`}# TYPE ${name} ${type}\n`;
}

function line(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${valueText(value)}\n` : `${name}{${labels}} ${valueText(value)}\n`;
}

function valueText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
