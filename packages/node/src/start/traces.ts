import { seesSdk } from '@benchlab-otel/sdk';
import type { Attributes, TextMapPropagator } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { telemetryResource } from '../config/resource.ts';
import { assertUnstarted, registerTracing } from '../lifecycle/globals.ts';
import { logSdk } from '../logs/sdkLog.ts';
import { tracing } from '../trace/tracing.ts';
import type { OtlpExports } from './otlpExports.ts';
import type { Parts } from './parts.ts';
import type { Running } from './teardown.ts';

/** The state of a start whose spans are registered: this process belongs to it. */
export interface WithTraces extends Parts {
  readonly exports: OtlpExports;
  readonly resource: Resource;
}

const secondApi =
  '@benchlab-otel/sdk has loaded another version of @opentelemetry/api than @benchlab-otel/node: all that its decorators record is lost. ' +
  'Find both with npm ls @opentelemetry/api, and install one: 1.9 with SDK 2, 1.10 with SDK 3.';

/**
 * Registers the spans of the process. It is synchronous, from the check to the registration, so that two starts at the
 * same time cannot both pass the check.
 */
export function startTraces(
  parts: Parts,
  exports: OtlpExports,
  propagator: TextMapPropagator,
  running: Running,
  enriched: Attributes,
): WithTraces {
  const { config, clock, enrichers, redaction, logger, selfMetrics, events, sources } = parts;
  const { traces } = exports;
  assertUnstarted();
  running.undo.push(logSdk(logger, config.sdkLogLevel));
  const whole = telemetryResource(config.resourceAttributes, enriched);
  const resource = redaction?.resource(whole) ?? whole;
  const made = tracing({
    resource,
    enrichers,
    clock,
    sampler: config.sampler,
    spanLimits: config.spanLimits,
    spanExport: config.spanExport,
    ...(traces && { exporter: traces }),
    toConsole: config.console.traces,
    redaction,
  });
  running.tracing = made;
  running.undo.push(registerTracing(made.provider, propagator, config.parentTrace));
  if (!seesSdk()) logger.warn(secondApi);
  selfMetrics.add(made.processor, events, ...(made.export ? [made.export] : []));
  if (redaction) selfMetrics.add(redaction);
  selfMetrics.add(enrichers, ...sources.enrichers, ...sources.consumers);
  return { ...parts, exports, resource };
}
