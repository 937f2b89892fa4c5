import { isIPv6 } from 'node:net';
import {
  numberOption,
  OptionError,
  type OptionNames,
  prometheusLabel,
  type TranslationStrategy,
  translationStrategies,
  wordOption,
} from '@benchlab-otel/core';
import { hostName, isToken, type PageHealth, type PageTls } from '@benchlab-otel/wire';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';

export interface MetricsPageOptions {
  /** Address to listen on. Default `127.0.0.1`; another needs a token, or `allowUnprotected`. */
  readonly host?: string;
  /** Default 9464; 0 takes a free one. */
  readonly port?: number;
  /** Default `/metrics`. */
  readonly path?: string;
  /** Shows the page only to requests with `Authorization: Bearer <token>`. `handler` leaves that to your server. */
  readonly token?: string;
  /** The path of a file that holds the token alone; read when the page begins to listen. */
  readonly tokenFile?: string;
  /** Serves HTTPS. */
  readonly tls?: PageTls;
  /** Lets the page listen beyond this machine without a token. */
  readonly allowUnprotected?: boolean;
  /**
   * Names by which clients reach a page without a token, besides `host`, `localhost` and the addresses of this machine:
   * requests to other names are refused, because a web page can make its own name mean this machine.
   */
  readonly hosts?: readonly string[];
  /** How names become Prometheus names. Default `UnderscoreEscapingWithSuffixes`, which this project's dashboards expect. */
  readonly translationStrategy?: TranslationStrategy;
  /** Adds `otel_scope_name`, `otel_scope_version` and `otel_scope_schema_url` to every series. Default false. */
  readonly scopeLabels?: boolean;
  /** Producers of further metrics for the page, as in the option `metricProducers` of any reader. */
  readonly metricProducers?: readonly MetricProducer[];
  /** Labels of every series except `target_info`: `{ environment: 'offline' }`. A label of the series itself wins. */
  readonly constantLabels?: Readonly<Record<string, string>>;
  /** A scrape that takes longer is answered with 503, ms. Default 10,000, the default of Prometheus itself. */
  readonly timeoutMs?: number;
  /** The paths `/healthz` and `/readyz` need no token. Both answer 200 where this is absent. */
  readonly health?: PageHealth;
}

export const pageOptionNames: OptionNames<MetricsPageOptions> = {
  host: true,
  port: true,
  hosts: true,
  path: true,
  token: true,
  tokenFile: true,
  tls: true,
  allowUnprotected: true,
  translationStrategy: true,
  scopeLabels: true,
  metricProducers: true,
  constantLabels: true,
  timeoutMs: true,
  health: true,
};

export const pageDefaults = {
  host: '127.0.0.1',
  /** OpenTelemetry specification, OTEL_EXPORTER_PROMETHEUS_PORT. */
  port: 9464,
  path: '/metrics',
  timeoutMs: 10_000,
  translationStrategy: 'UnderscoreEscapingWithSuffixes',
} as const;

/**
 * @param prefix stands before the names of the options in errors: `metricsPage.`, where that is how the caller writes them
 * @throws OptionError
 */
export function checkPageOptions(options: MetricsPageOptions, prefix = ''): void {
  const {
    port,
    path,
    timeoutMs,
    token,
    tokenFile,
    tls,
    hosts = [],
    translationStrategy,
    constantLabels = {},
    health = {},
  } = options;
  const refuse = (option: keyof MetricsPageOptions, value: unknown, allowed: string): never => {
    throw new OptionError({ option: `${prefix}${option}`, value, allowed });
  };
  if (port !== undefined) numberOption(`${prefix}port`, port, { least: 0, most: 65_535, isWhole: true });
  if (path !== undefined && !(typeof path === 'string' && path.startsWith('/'))) {
    refuse('path', path, 'a text that begins with a slash');
  }
  // A scrape cannot take less than a millisecond.
  if (timeoutMs !== undefined) numberOption(`${prefix}timeoutMs`, timeoutMs, { least: 1 });
  if (token !== undefined) tokenForm(`${prefix}token`, token);
  if (token !== undefined && tokenFile !== undefined) refuse('tokenFile', tokenFile, 'absent where there is a token');
  if (tls !== undefined && !(tls.certFile && tls.keyFile)) refuse('tls', tls, '{ certFile, keyFile }, both paths');
  for (const [name, probe] of Object.entries(health)) {
    const isProbe = ['live', 'ready', 'findings'].includes(name) && typeof probe === 'function';
    if (!isProbe) refuse('health', health, '{ live, ready, findings }, functions that return texts or undefined');
  }
  const names = 'a list of host names or IP addresses, without a port';
  if (!Array.isArray(hosts)) refuse('hosts', hosts, names);
  for (const name of hosts) if (!isHost(name)) refuse('hosts', name, names);
  if (translationStrategy !== undefined) {
    wordOption(`${prefix}translationStrategy`, translationStrategy, translationStrategies);
  }
  for (const name of Object.keys(constantLabels)) {
    if (name === '' || name === 'le' || name.startsWith('__') || prometheusLabel(name) !== name) {
      refuse(
        'constantLabels',
        name,
        'labels of letters, digits and underscores, except le and names that begin with __',
      );
    }
  }
}

function isHost(name: unknown): boolean {
  if (typeof name !== 'string') return false;
  return isIPv6(name) || (/^[^:]+$|^\[.+\]$/.test(name) && hostName(name) !== undefined);
}

/** @returns the token. @throws OptionError without the token itself, because errors end up in logs. */
export function tokenForm(option: string, value: unknown): string {
  if (typeof value === 'string' && isToken(value)) return value;
  const allowed = 'a bearer token: letters, digits and -._~+/, without spaces';
  throw new OptionError({ option, value, allowed, isSecret: true });
}
