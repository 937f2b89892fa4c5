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
import { eventWriter } from '../events/eventOutput.ts';
import { EventStream } from '../events/eventStream.ts';
import { PowerNow } from '../events/powerNow.ts';
import { LineTaps } from '../logs/lineTaps.ts';
import { telemetryLogger } from '../logs/logger.ts';
import { type MetricsPage, metricsPage } from '../page/metricsPage.ts';

/** The parts of the telemetry that exist before anything is registered, and in a disabled process too. */
export interface Parts {
  readonly options: TelemetryOptions;
  readonly config: TelemetryConfig;
  readonly clock: Clock;
  readonly enrichers: EnricherChain;
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
  const enrichers = new EnricherChain(options.enrichers ?? []);
  const taps = new LineTaps();
  const logger = telemetryLogger(options.log, {
    taps,
    ...(enrichers.hasFieldsFor('log') && { fields: (line) => enrichers.fields(signalOf(line)) }),
  });
  for (const warning of config.warnings) logger.warn(warning);
  const clock = options.clock ?? systemClock;
  const sampleMetrics = new SampleMetrics({ clock });
  const selfMetrics = new SelfMetrics(clock.nowNs());
  const cells = new CellMeters(clock);
  const producers = [collectedProducer([sampleMetrics, selfMetrics], clock), cells];
  const { settings: _, ...address } = config.metricsPage ?? { settings: undefined };
  const page = metricsPage({
    ...address,
    metricProducers: producers,
    constantLabels: config.labels,
  });
  const component = String(config.resourceAttributes['service.name'] ?? 'unknown_service:node');
  const out = config.isDisabled ? undefined : options.telemetryOut;
  const writer = out === undefined ? undefined : await eventWriter(out, component);
  const power = new PowerNow();
  const events = new EventStream({
    ...(writer && { writer }),
    component,
    clock,
    power,
    ...(enrichers.hasFieldsFor('event') && { fields: (signal: EnrichedSignal) => enrichers.fields(signal) }),
  });
  const recording = { sampleMetrics, selfMetrics, cells, producers, page };
  return { options, config, clock, enrichers, taps, logger, ...recording, power, events, eventWriter: writer };
}

function signalOf(line: Readonly<Attributes>): EnrichedSignal {
  return { kind: 'log', name: typeof line.event === 'string' ? line.event : '', attributes: line };
}
