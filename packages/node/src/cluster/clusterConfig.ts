import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { resolveConfig, type TelemetryConfig } from '../config/config.ts';
import { namedBySetting, portInUse } from '../config/metricsPageConfig.ts';
import type { TelemetryOptions } from '../config/telemetryOptions.ts';
import { checkPageOptions, type MetricsPageOptions } from '../page/pageOptions.ts';

type Shared = 'serviceName' | 'serviceVersion' | 'environment' | 'node' | 'resourceAttributes' | 'env';

/**
 * The options of the page, and those of the resource as in `startTelemetry()`. One that is absent comes from the same
 * environment variables as there.
 */
export interface ClusterPageOptions
  extends Omit<MetricsPageOptions, 'metricProducers'>,
    Pick<TelemetryOptions, Shared> {}

export interface ClusterConfig extends Pick<TelemetryConfig, 'isDisabled' | 'resourceAttributes' | 'warnings'> {
  /** False where the environment wants no page. */
  readonly isListening: boolean;
  readonly page: MetricsPageOptions;
  /** An error of the page under the name that the user wrote: a variable, or an option of `clusterMetrics()`. */
  readonly named: (error: unknown) => unknown;
}

/** @throws OptionError with the name of the variable, or of the option as it is here: `port`, not `metricsPage.port` */
export function clusterConfig(options: ClusterPageOptions): ClusterConfig {
  const { serviceName, serviceVersion, environment, node, resourceAttributes, env, ...page } = options;
  checkPageOptions(page);
  const config = resolved({
    metricsPage: page,
    otlp: false,
    ...(env && { env }),
    ...(serviceName !== undefined && { serviceName }),
    ...(serviceVersion !== undefined && { serviceVersion }),
    ...(environment !== undefined && { environment }),
    ...(node !== undefined && { node }),
    ...(resourceAttributes && { resourceAttributes }),
  });
  const { settings, ...address } = config.metricsPage ?? {};
  return {
    isDisabled: config.isDisabled,
    resourceAttributes: config.resourceAttributes,
    warnings: config.warnings,
    isListening: !config.isDisabled && config.metricsPage !== undefined,
    page: { ...page, ...address, constantLabels: { ...config.labels, ...page.constantLabels } },
    named: (error) => {
      if (settings === undefined || !(error instanceof BenchlabError)) return error;
      if (error.code === 'PORT_IN_USE') return portInUse(error, settings, 'port');
      return error instanceof OptionError ? withoutPrefix(namedBySetting(error, settings)) : error;
    },
  };
}

function resolved(options: TelemetryOptions): TelemetryConfig {
  try {
    return resolveConfig(options);
  } catch (error) {
    throw withoutPrefix(error);
  }
}

function withoutPrefix(error: unknown): unknown {
  if (!(error instanceof OptionError) || !error.option.startsWith('metricsPage.')) return error;
  return error.named(error.option.replace('metricsPage.', ''));
}
