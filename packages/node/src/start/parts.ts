import { type Clock, type EnrichedSignal, SampleMetrics, systemClock } from '@benchlab-otel/core';
import type { LineWriter } from '@benchlab-otel/wire';
import type { Attributes } from '@opentelemetry/api';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Logger } from 'pino';
import { CellMeters } from '../cells/cellMeters.ts';
import { collectedProducer } from '../collect/collectedProducer.ts';
import { SelfMetrics } from '../collect/selfMetrics.ts';
import type { TelemetryConfig } from '../config/config.ts';
import type { TelemetryOptions } from '../config/telemetryOptions.ts';
import { EnricherChain } from '../enrich/enricherChain.ts';
import { type GivenEnrichers, givenEnrichers } from '../enrich/givenEnrichers.ts';
import { eventWriter } from '../events/eventOutput.ts';
import { EventStream } from '../events/eventStream.ts';
import { PowerNow } from '../events/powerNow.ts';
import { LineTaps } from '../logs/lineTaps.ts';
import { telemetryLogger } from '../logs/logger.ts';
import { type MetricsPage, redactedPage } from '../page/metricsPage.ts';
import { Redaction } from '../redact/redaction.ts';

/** The parts of the telemetry that exist before anything is registered, and in a disabled process too. */
export interface Parts {
  readonly options: TelemetryOptions;
  readonly config: TelemetryConfig;
  readonly clock: Clock;
  readonly enrichers: EnricherChain;
  /** The enrichers themselves, and the consumers of samples, with those that enrichers need. */
  readonly sources: GivenEnrichers;
  /** Labels of all points. */
  readonly constantLabels: Attributes;
  /** Absent where nothing is redacted. */
  readonly redaction: Redaction | undefined;
  readonly taps: LineTaps;
  readonly logger: Logger;
  readonly sampleMetrics: SampleMetrics;
  readonly selfMetrics: SelfMetrics;
  readonly cells: CellMeters;
  readonly producers: readonly MetricProducer[];
  readonly page: MetricsPage;
  readonly power: PowerNow;
  readonly events: EventStream;
  /** Absent where no event stream was asked for, and in a disabled process. */
  readonly eventWriter: LineWriter | undefined;
}

/** Makes the parts. The only one that holds a resource of the system is the event writer, which is opened last. */
export async function makeParts(options: TelemetryOptions, config: TelemetryConfig): Promise<Parts> {
  const clock = options.clock ?? systemClock;
  const sources = await givenEnrichers(options, config.enricherNames, clock);
  const enrichers = new EnricherChain(sources.enrichers);
  const redaction = options.redact === undefined ? undefined : new Redaction(options.redact);
  const taps = new LineTaps(redaction && ((line) => redaction.line(line)));
  const logger = telemetryLogger(options.log, {
    taps,
    ...fieldsFor('log', enrichers, (line: Readonly<Attributes>) => enrichers.fields(signalOf(line))),
  });
  for (const warning of config.warnings) logger.warn(warning);
  const sampleMetrics = new SampleMetrics({ clock });
  const selfMetrics = new SelfMetrics(clock.nowNs());
  const cells = new CellMeters(clock);
  const producers = [collectedProducer([sampleMetrics, selfMetrics], clock), cells];
  const { settings: _, ...address } = config.metricsPage ?? { settings: undefined };
  const constantLabels: Attributes = { ...enrichers.constantFields('metric'), ...config.labels };
  const onPage = Object.entries(redaction?.labels(constantLabels) ?? constantLabels);
  const page = redactedPage(
    {
      ...address,
      metricProducers: producers,
      constantLabels: Object.fromEntries(onPage.map(([name, value]) => [name, String(value)])),
    },
    redaction,
  );
  const component = String(config.resourceAttributes['service.name'] ?? 'unknown_service:node');
  const out = config.isDisabled ? undefined : options.telemetryOut;
  const writer = out === undefined ? undefined : await eventWriter(out, component);
  const power = new PowerNow();
  const events = new EventStream({
    ...(writer && { writer }),
    component,
    clock,
    power,
    ...(redaction && { redact: (event) => redaction.event(event) }),
    ...fieldsFor('event', enrichers, (signal: EnrichedSignal) => enrichers.fields(signal)),
  });
  const recording = { sampleMetrics, selfMetrics, cells, producers, page };
  return {
    options,
    sources,
    config,
    clock,
    enrichers,
    redaction,
    constantLabels,
    taps,
    logger,
    ...recording,
    power,
    events,
    eventWriter: writer,
  };
}

/** Nothing where no enricher has fields for the kind. */
function fieldsFor<T>(
  kind: 'log' | 'event',
  enrichers: EnricherChain,
  fields: (signal: T) => Attributes,
): { readonly fields?: (signal: T) => Attributes } {
  const constant = enrichers.constantFields(kind);
  const isConstant = Object.keys(constant).length > 0;
  if (!enrichers.hasFieldsFor(kind)) return isConstant ? { fields: () => constant } : {};
  return { fields: isConstant ? (signal) => ({ ...constant, ...fields(signal) }) : fields };
}

function signalOf(line: Readonly<Attributes>): EnrichedSignal {
  return { kind: 'log', name: typeof line.event === 'string' ? line.event : '', attributes: line };
}
