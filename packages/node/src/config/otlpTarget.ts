import { badSetting, type Env, firstSet, optionOrEnv, pairs, type Setting, text, wholeNumber } from './environment.ts';
import type { OtlpOptions } from './telemetryOptions.ts';

/** Where one signal goes. */
export interface OtlpTarget {
  /** As given: its scheme decides on TLS. */
  readonly endpoint: string;
  /** gRPC metadata; the values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

type Signal = 'TRACES' | 'METRICS' | 'LOGS';

// Both defaults: OpenTelemetry specification, "OpenTelemetry Protocol Exporter", configuration options.
const DEFAULT_ENDPOINT = 'http://localhost:4317';
const DEFAULT_TIMEOUT_MS = 10_000;
/** The longest delay of a Node timer, ms. */
export const LONGEST_MS: number = 2 ** 31 - 1;

/** The OTLP target of a signal, from the options and the environment. */
export function otlpTarget(signal: Signal, options: OtlpOptions, env: Env): OtlpTarget {
  checkProtocol(signal, env);
  const endpoint = optionOrEnv('otlp.endpoint', options.endpoint, env, [
    ...variables(signal, 'ENDPOINT'),
    'TELEMETRY_EXPORTER_ENDPOINT',
  ]);
  const timeout = optionOrEnv('otlp.timeoutMs', options.timeoutMs, env, variables(signal, 'TIMEOUT'));
  return {
    endpoint: endpoint ? checkedEndpoint({ from: endpoint.from, value: text(endpoint) }) : DEFAULT_ENDPOINT,
    headers: headersOf(signal, options, env),
    timeoutMs: timeout ? wholeNumber(timeout, 1, LONGEST_MS) : DEFAULT_TIMEOUT_MS,
  };
}

/** The endpoint without user and password, for people to read. */
export function shownEndpoint(endpoint: string): string {
  return endpoint.replace(/\/\/[^/@]*@/, '//').slice(0, 200);
}

/** The variable of the signal goes before the one for all signals. */
function variables(signal: Signal, setting: string): [string, string] {
  return [`OTEL_EXPORTER_OTLP_${signal}_${setting}`, `OTEL_EXPORTER_OTLP_${setting}`];
}

function checkProtocol(signal: Signal, env: Env): void {
  const protocol = firstSet(env, variables(signal, 'PROTOCOL'));
  if (protocol === undefined || protocol.value === 'grpc') return;
  throw badSetting(
    `${protocol.from} asks for a protocol other than grpc, the only one supported.`,
    `Set ${protocol.from}=grpc, or unset it, and name the collector's gRPC endpoint (port 4317 by default).`,
  );
}

/** `http://host:port`, `https://host:port`, or what gRPC allows besides: `host:port`, `unix:///path`. */
function checkedEndpoint(setting: Setting<string>): string {
  const { value, from } = setting;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
  const isKnown = scheme === undefined || ['http', 'https', 'unix'].includes(scheme);
  if (isKnown && URL.canParse(scheme === undefined ? `https://${value}` : value)) return value;
  throw badSetting(`${from} is no endpoint: "${shownEndpoint(value)}".`, 'Set http://HOST:PORT or https://HOST:PORT.');
}

function headersOf(signal: Signal, options: OtlpOptions, env: Env): Record<string, string> {
  const headers: Record<string, string> = {};
  const [own, general] = variables(signal, 'HEADERS');
  for (const name of [general, own]) {
    const setting = firstSet(env, [name]);
    if (setting) addHeaders(headers, pairs(setting), name);
  }
  addHeaders(headers, options.headers ?? {}, 'otlp.headers');
  return headers;
}

/** gRPC refuses anything else with an error that quotes the value, so it is checked here, where nothing is quoted. */
function addHeaders(headers: Record<string, string>, added: Readonly<Record<string, unknown>>, from: string): void {
  for (const [name, value] of Object.entries(added)) {
    if (!/^[0-9a-z_.-]+$/i.test(name) || name.toLowerCase().endsWith('-bin')) {
      throw badSetting(
        `${from} has a header with a name that gRPC does not send as text.`,
        'Use letters, digits, - . _',
      );
    }
    if (typeof value !== 'string' || !/^[ -~]*$/.test(value)) {
      throw badSetting(`The header ${name} of ${from} is not plain ASCII text.`, 'Percent-encode or correct it.');
    }
    headers[name.toLowerCase()] = value;
  }
}
