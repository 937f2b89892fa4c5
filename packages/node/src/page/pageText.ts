import { attribute, type MetricDefinition, type ReportOnce, metric as registry } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Exemplars } from './exemplars.ts';
import { beforeValue } from './exposition.ts';
import { familyHead, infoHead, openMetricsHead } from './familyHead.ts';
import { type ExemplarsByLabels, FamilyText } from './familyText.ts';
import { labelText } from './labelText.ts';
import type { NameOwners } from './nameOwners.ts';
import type { Pace } from './pace.ts';
import { PageFamilies, type PageFamily } from './pageFamilies.ts';
import type { PageNames } from './pageNames.ts';
import type { Exemplar } from './recentExemplars.ts';

export interface PageTextOptions {
  readonly isOpenMetrics: boolean;
  readonly names: PageNames;
  /** Which family has which name; all formats with these names share it. */
  readonly owners: NameOwners;
  /** Added to every series except `target_info`; a label of the series itself wins. */
  readonly constantLabels: Attributes;
  /** Adds labels with the name, version and schema of the library that a series is from. */
  readonly hasScopeLabels: boolean;
  readonly exemplars: Exemplars;
  readonly report: ReportOnce;
}

const noExemplars: ExemplarsByLabels = new Map();

/** Writes collected metrics in one of the two formats; exposition.ts names their sources. */
export class PageText {
  readonly #options: PageTextOptions;
  /** The families of the latest scrape, by name. */
  #families = new Map<string, FamilyText>();

  constructor(options: PageTextOptions) {
    this.#options = options;
  }

  /** Yields the page in pieces, at the latest when the pace is over, so that the caller can let other work run. Some are empty. */
  *render({ resource, scopeMetrics }: ResourceMetrics, pace: Pace): Generator<string> {
    const { names, owners, isOpenMetrics, report } = this.#options;
    const { families, droppedMetrics } = new PageFamilies(scopeMetrics, names, owners, report);
    // The page does not wait for attributes that are still pending: a later scrape has them.
    if (resource.asyncAttributesPending !== true) {
      yield this.#targetInfo(resource.attributes, isOpenMetrics && owners.isInfo);
    }
    const latest = this.#families;
    this.#families = new Map();
    let [mergedPoints, droppedPoints] = [0, 0];
    const overflowSeries = new Map<string, number>();
    for (const family of families.values()) {
      const text = latest.get(family.name) ?? new FamilyText(this.#labelsOf, isOpenMetrics, report);
      this.#families.set(family.name, text);
      const stem = owners.stemOf(family.name);
      yield isOpenMetrics ? openMetricsHead(family, stem) : familyHead(family);
      const takesExemplars = isOpenMetrics && stem !== undefined && family.type !== 'gauge';
      const losses = yield* text.write(family, takesExemplars ? this.#exemplarsOf(family) : noExemplars, pace);
      mergedPoints += losses.mergedPoints;
      droppedPoints += losses.droppedPoints;
      if (losses.overflowSeries > 0) overflowSeries.set(family.name, losses.overflowSeries);
    }
    yield this.#ownGauge(registry.benchlabPageMergedPoints, [[{}, mergedPoints]]);
    yield this.#ownGauge(registry.benchlabPageDroppedMetrics, [[{}, droppedMetrics]]);
    yield this.#ownGauge(registry.benchlabPageDroppedPoints, [[{}, droppedPoints]]);
    yield this.#overflow(overflowSeries);
    if (isOpenMetrics) yield '# EOF\n';
  }

  readonly #labelsOf = (attributes: Attributes, scope: InstrumentationScope, isHistogram: boolean): string => {
    const { constantLabels, hasScopeLabels, names } = this.#options;
    const constant = hasScopeLabels ? { ...constantLabels, ...scopeLabels(scope) } : constantLabels;
    return labelText(attributes, constant, isHistogram, names.label);
  };

  #exemplarsOf({ metrics, type }: PageFamily): ExemplarsByLabels {
    const byLabels = new Map<string, Exemplar[]>();
    for (const { metric, scope } of metrics) {
      for (const exemplar of this.#options.exemplars.of(scope, metric.descriptor.name)) {
        const labels = this.#labelsOf(exemplar.attributes, scope, type === 'histogram');
        const known = byLabels.get(labels);
        if (known === undefined) byLabels.set(labels, [exemplar]);
        else known.push(exemplar);
      }
    }
    return byLabels;
  }

  /** All attributes of the resource, as Prometheus' OTLP receiver writes them with keep_identifying_resource_attributes. */
  #targetInfo(attributes: Attributes, isInfo: boolean): string {
    const { names } = this.#options;
    const name = names.given('target_info');
    const labels = labelText(attributes, {}, false, names.label);
    return labels === '' ? '' : `${infoHead(name, 'Target metadata', isInfo)}${beforeValue(name, labels)}1\n`;
  }

  /** Only metrics with series beyond the limit have a line. */
  #overflow(seriesByName: ReadonlyMap<string, number>): string {
    if (seriesByName.size === 0) return '';
    for (const name of seriesByName.keys()) {
      this.#options.report(
        `${name} has more attribute sets than the limit of series; the rest is added up under otel.metric.overflow. ` +
          'Leave out attributes with many values, or raise the limit in a View.',
      );
    }
    const points = [...seriesByName].map(([name, series]) => [{ [attribute.metric]: name }, series] as const);
    return this.#ownGauge(registry.benchlabPageOverflow, points);
  }

  #ownGauge(definition: MetricDefinition, points: readonly (readonly [Attributes, number])[]): string {
    const { names, constantLabels, isOpenMetrics } = this.#options;
    const name = names.metric(definition);
    const family = { name, help: definition.description, type: 'gauge', unit: '' } as const;
    const lines = points.map(([attributes, value]) => {
      const labels = labelText(attributes, constantLabels, false, names.label);
      return `${beforeValue(name, labels)}${value}\n`;
    });
    return [isOpenMetrics ? openMetricsHead(family, name) : familyHead(family), ...lines].join('');
  }
}

/** Source: OpenTelemetry specification, "Prometheus and OpenMetrics compatibility", "Instrumentation scope". */
function scopeLabels({ name, version, schemaUrl }: InstrumentationScope): Attributes {
  return { otel_scope_name: name, otel_scope_version: version, otel_scope_schema_url: schemaUrl };
}
