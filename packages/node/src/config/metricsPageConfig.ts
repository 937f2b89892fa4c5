import { isToken } from '../page/pageAccess.ts';
import { badSetting, type Env, firstSet, optionOrEnv, text, wholeNumber } from './environment.ts';
import type { MetricsPageAddress } from './telemetryOptions.ts';

// What the OpenTelemetry specification gives the Prometheus exporter; its host there is localhost.
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 9464;

/** The metrics page by options and environment; undefined where there is to be none. */
export function metricsPageConfig(options: MetricsPageAddress | false = {}, env: Env): MetricsPageAddress | undefined {
  if (options === false) return undefined;
  const host = optionOrEnv('metricsPage.host', options.host, env, ['OTEL_EXPORTER_PROMETHEUS_HOST']);
  const port = optionOrEnv('metricsPage.port', options.port, env, ['OTEL_EXPORTER_PROMETHEUS_PORT', 'PROMETHEUS_PORT']);
  return {
    ...options,
    host: host ? text(host) : DEFAULT_HOST,
    port: port ? wholeNumber(port, 0, 65_535) : DEFAULT_PORT,
    ...token(options, env),
    allowUnprotected: options.allowUnprotected ?? env.TELEMETRY_METRICS_UNPROTECTED?.trim().toLowerCase() === 'true',
  };
}

/** A token of the options leaves those of the environment aside. No error quotes one. */
function token(options: MetricsPageAddress, env: Env): Pick<MetricsPageAddress, 'token' | 'tokenFile'> {
  if (options.token !== undefined || options.tokenFile !== undefined) return {};
  const file = firstSet(env, ['TELEMETRY_METRICS_TOKEN_FILE']);
  if (file) return { tokenFile: file.value };
  const given = firstSet(env, ['TELEMETRY_METRICS_TOKEN']);
  if (given === undefined) return {};
  if (isToken(given.value)) return { token: given.value };
  throw badSetting('TELEMETRY_METRICS_TOKEN is no bearer token.', 'Set letters, digits and -._~+/, without spaces.');
}
