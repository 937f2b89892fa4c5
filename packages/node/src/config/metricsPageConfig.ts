import { checkPageOptions, type MetricsPageOptions, pageDefaults, tokenForm } from '../page/pageOptions.ts';
import { type Env, firstSet, optionOrEnv, text, wholeNumber } from './environment.ts';
import type { MetricsPageAddress } from './telemetryOptions.ts';

/** The metrics page by options and environment; undefined where there is to be none. */
export function metricsPageConfig(options: MetricsPageAddress | false = {}, env: Env): MetricsPageAddress | undefined {
  if (options === false) return undefined;
  const host = optionOrEnv('metricsPage.host', options.host, env, ['OTEL_EXPORTER_PROMETHEUS_HOST']);
  const port = optionOrEnv('metricsPage.port', options.port, env, ['OTEL_EXPORTER_PROMETHEUS_PORT', 'PROMETHEUS_PORT']);
  const allowUnprotected =
    options.allowUnprotected ?? env.TELEMETRY_METRICS_UNPROTECTED?.trim().toLowerCase() === 'true';
  const address = {
    host: host ? text(host) : pageDefaults.host,
    port: port ? wholeNumber(port, 0, 65_535) : pageDefaults.port,
    allowUnprotected,
  };
  checkPageOptions(options, 'metricsPage.');
  return { ...options, ...address, ...token(options, env) };
}

/** With a token in the options, those of the environment are not read. No error quotes one. */
function token(options: MetricsPageAddress, env: Env): Pick<MetricsPageOptions, 'token' | 'tokenFile'> {
  if (options.token !== undefined || options.tokenFile !== undefined) return {};
  const file = firstSet(env, ['TELEMETRY_METRICS_TOKEN_FILE']);
  if (file) return { tokenFile: file.value };
  const given = firstSet(env, ['TELEMETRY_METRICS_TOKEN']);
  return given === undefined ? {} : { token: tokenForm(given.from, given.value) };
}
