import { attribute } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { type Env, firstSet, pairs, text } from './environment.ts';
import type { TelemetryOptions } from './telemetryOptions.ts';

/** Semantic conventions 1.27 and later. */
const environmentName = 'deployment.environment.name';

/** The label of metric points for `benchlab.node`, short because it is on each of them. */
const nodeLabel = 'node';

const ownOptions = [
  ['service.name', 'serviceName'],
  ['service.version', 'serviceVersion'],
  [environmentName, 'environment'],
  [attribute.node, 'node'],
] as const;

/**
 * The resource attributes that options and environment give. Later ones win: TELEMETRY_ENVIRONMENT,
 * OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME, `resourceAttributes`, the options `serviceName`, `serviceVersion`,
 * `environment` and `node`.
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

/** The labels of metric points that come from them. */
export function processLabels(attributes: Attributes): Readonly<Record<string, string>> {
  const labels = [
    [attribute.environment, attributes[environmentName]],
    [nodeLabel, attributes[attribute.node]],
  ] as const;
  return Object.fromEntries(labels.flatMap(([label, value]) => (value === undefined ? [] : [[label, String(value)]])));
}
