import cluster from 'node:cluster';
import { BenchlabError, knownOptions, OptionError } from '@benchlab-otel/core';
import {
  checkPageOptions,
  type MetricsPageOptions,
  pageDefaults,
  pageOptionNames,
  tokenForm,
} from '../page/pageOptions.ts';
import { type Env, firstSet, isServiceLink, optionOrEnv, type Setting, text, wholeNumber } from './environment.ts';
import type { MetricsPageAddress } from './telemetryOptions.ts';

/** Where the options of the page came from that are proved only when it listens: names of options or variables. */
export interface PageSettings {
  readonly host: string;
  readonly tokenFile: string;
  /** Absent where the port is the default. */
  readonly port?: string;
  /** Other processes have the same port from their environment: the first of them has the page. */
  readonly isPortShared: boolean;
}

export interface MetricsPageConfig extends MetricsPageAddress {
  readonly settings: PageSettings;
}

/** The first that is set is the port of the page. */
export const portVariables = ['OTEL_EXPORTER_PROMETHEUS_PORT', 'PROMETHEUS_PORT'] as const;

/** The metrics page by options and environment; undefined where there is to be none. */
export function metricsPageConfig(options: MetricsPageAddress | false = {}, env: Env): MetricsPageConfig | undefined {
  if (options === false) return undefined;
  knownOptions<MetricsPageOptions>('metricsPage', options, pageOptionNames);
  const host = optionOrEnv('metricsPage.host', options.host, env, ['OTEL_EXPORTER_PROMETHEUS_HOST']);
  const names = portVariables.filter((name) => !isServiceLink(env[name]));
  const port = optionOrEnv('metricsPage.port', options.port, env, names);
  const allowUnprotected = options.allowUnprotected ?? isTrue(env.TELEMETRY_METRICS_UNPROTECTED);
  const address = {
    host: host ? text(host) : pageDefaults.host,
    port: port ? wholeNumber(port, 0, 65_535) : pageDefaults.port,
    allowUnprotected,
  };
  const hosts = options.hosts ?? hostsOf(env);
  checkPageOptions({ ...options, hosts }, 'metricsPage.');
  const { tokenFile, ...access } = token(options, env);
  return {
    ...options,
    ...address,
    ...access,
    hosts,
    ...(tokenFile && { tokenFile: tokenFile.value }),
    settings: {
      host: host?.from ?? 'metricsPage.host',
      tokenFile: tokenFile?.from ?? 'metricsPage.tokenFile',
      ...(port && { port: port.from }),
      isPortShared: port?.from !== 'metricsPage.port' && isTrue(env.TELEMETRY_METRICS_PORT_SHARED),
    },
  };
}

function isTrue(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === 'true';
}

/** The port in use, with where the number came from. `option` is the option of the port as the caller writes it. */
export function portInUse(error: BenchlabError, settings: PageSettings, option = 'metricsPage.port'): BenchlabError {
  const what = error.message.slice(0, -error.fix.length).replace(/\.\s*$/, '');
  const from =
    settings.port === undefined ? 'the default' : `set by ${settings.port.replace('metricsPage.port', option)}`;
  const ways = `set another port by ${option}, ${portVariables.join(' or ')}; port 0 takes a free one.`;
  // The default, or a variable that the primary has too.
  const isShared = cluster.isWorker && settings.port !== 'metricsPage.port';
  const fix = isShared
    ? `Give the workers of the cluster one page by clusterMetrics() in the primary and metricsPage: false here; or ${ways}`
    : `Stop the process that uses it, or ${ways}`;
  return new BenchlabError('PORT_IN_USE', `${what} (${from}).`, fix, { cause: error });
}

/** An error of the page under the name that the user wrote: TELEMETRY_METRICS_TOKEN_FILE instead of `tokenFile`. */
export function namedBySetting(error: unknown, settings: PageSettings): unknown {
  if (error instanceof BenchlabError && error.code === 'PORT_IN_USE') return portInUse(error, settings);
  if (!(error instanceof OptionError)) return error;
  const { option } = error;
  return error.named(option === 'host' || option === 'tokenFile' ? settings[option] : `metricsPage.${option}`);
}

const hostsVariable = 'TELEMETRY_METRICS_HOSTS';

/** `bench-1,bench-1.example`: an error names the variable. */
function hostsOf(env: Env): readonly string[] {
  const list = firstSet(env, [hostsVariable]);
  if (list === undefined) return [];
  const hosts = list.value.split(',').map((host) => host.trim());
  try {
    checkPageOptions({ hosts });
  } catch (error) {
    throw error instanceof OptionError ? error.named(hostsVariable) : error;
  }
  return hosts;
}

interface PageToken extends Pick<MetricsPageOptions, 'token'> {
  readonly tokenFile?: Setting<string>;
}

/** The token of the environment. It is not read where the options have one. No error quotes a token. */
function token(options: MetricsPageAddress, env: Env): PageToken {
  if (options.token !== undefined || options.tokenFile !== undefined) return {};
  const tokenFile = firstSet(env, ['TELEMETRY_METRICS_TOKEN_FILE']);
  if (tokenFile) return { tokenFile };
  const given = firstSet(env, ['TELEMETRY_METRICS_TOKEN']);
  return given === undefined ? {} : { token: tokenForm(given.from, given.value) };
}
