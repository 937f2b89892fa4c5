import type { Attributes } from '@opentelemetry/api';
import { type Env, firstSet, pairs, text } from './environment.ts';
import type { TelemetryOptions } from './telemetryOptions.ts';

/** Semantic conventions 1.27 and later. */
const environmentName = 'deployment.environment.name';

const ownOptions = [
  ['service.name', 'serviceName'],
  ['service.version', 'serviceVersion'],
  [environmentName, 'environment'],
] as const;

/**
 * The resource attributes that options and environment give. Later ones win: TELEMETRY_ENVIRONMENT,
 * OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME, `resourceAttributes`, the options `serviceName`, `serviceVersion` and
 * `environment`.
 */
export function givenAttributes(options: TelemetryOptions, env: Env): Attributes {
  const attributes: Attributes = {};
  const environment = firstSet(env, ['TELEMETRY_ENVIRONMENT']);
  if (environment) attributes[environmentName] = environment.value;
  const listed = firstSet(env, ['OTEL_RESOURCE_ATTRIBUTES']);
  if (listed) Object.assign(attributes, pairs(listed));
  const serviceName = firstSet(env, ['OTEL_SERVICE_NAME']);
  if (serviceName) attributes['service.name'] = serviceName.value;
  Object.assign(attributes, options.resourceAttributes);
  for (const [attribute, option] of ownOptions) {
    if (options[option] !== undefined) attributes[attribute] = text({ value: options[option], from: option });
  }
  return attributes;
}

/** The deployment environment among them, for the points of metrics. */
export function environmentOf(attributes: Attributes): string | undefined {
  const environment = attributes[environmentName];
  return environment === undefined ? undefined : String(environment);
}
