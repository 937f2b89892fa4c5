import { OptionError } from '@benchlab-otel/core';
import { type OtlpTarget, shownEndpoint } from '../export/otlpTarget.ts';
import { type Env, firstSet, optionOrEnv, pairs, type Setting, text, wholeNumber } from './environment.ts';
import type { OtlpOptions } from './telemetryOptions.ts';
import { longestTimerMs } from './timerRange.ts';

type Signal = 'TRACES' | 'METRICS' | 'LOGS';

// Both defaults: OpenTelemetry specification, "OpenTelemetry Protocol Exporter", configuration options.
const defaultEndpoint = 'http://localhost:4317';
const defaultTimeoutMs = 10_000;

/** The OTLP target of a signal, from the options and the environment. */
export function otlpConfig(signal: Signal, options: OtlpOptions, env: Env): OtlpTarget {
  checkProtocol(signal, env);
  const endpoint = optionOrEnv('otlp.endpoint', options.endpoint, env, [
    ...variables(signal, 'ENDPOINT'),
    'TELEMETRY_EXPORTER_ENDPOINT',
  ]);
  const timeout = optionOrEnv('otlp.timeoutMs', options.timeoutMs, env, variables(signal, 'TIMEOUT'));
  return {
    endpoint: endpoint ? checkedEndpoint({ from: endpoint.from, value: text(endpoint) }) : defaultEndpoint,
    headers: headersOf(signal, options, env),
    timeoutMs: timeout ? wholeNumber(timeout, 1, longestTimerMs) : defaultTimeoutMs,
  };
}

/** The variable of the signal wins over the one for all signals. */
function variables(signal: Signal, setting: string): [string, string] {
  return [`OTEL_EXPORTER_OTLP_${signal}_${setting}`, `OTEL_EXPORTER_OTLP_${setting}`];
}

function checkProtocol(signal: Signal, env: Env): void {
  const protocol = firstSet(env, variables(signal, 'PROTOCOL'));
  if (protocol === undefined || protocol.value === 'grpc') return;
  const allowed =
    'grpc, with the gRPC endpoint of the collector (port 4317 by default): no other protocol is supported';
  throw new OptionError({ option: protocol.from, value: protocol.value, allowed });
}

/** `http://host:port`, `https://host:port`, or what gRPC allows as well: `host:port`, `unix:///path`. */
function checkedEndpoint({ value, from }: Setting<string>): string {
  // gRPC knows a socket as unix:/path, unix:///path and unix:path; the exporter takes the second alone.
  const socket = /^unix:(?:\/\/)?(\/.*)$/i.exec(value)?.[1];
  if (socket !== undefined) return `unix://${socket}`;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1];
  const isKnown = scheme === undefined || ['http', 'https'].includes(scheme.toLowerCase());
  if (isKnown && URL.canParse(scheme === undefined ? `https://${value}` : value)) {
    // The exporter compares the scheme as it is written, and would use TLS for HTTP://.
    return scheme === undefined ? value : scheme.toLowerCase() + value.slice(scheme.length);
  }
  const allowed = 'an endpoint: http://HOST:PORT, https://HOST:PORT or unix:///PATH';
  throw new OptionError({ option: from, value: shownEndpoint(value), allowed });
}

/** Files that the exporters read themselves, from OTEL_EXPORTER_OTLP_CERTIFICATE and its neighbours. */
export function tlsFiles(env: Env): readonly Setting<string>[] {
  const kinds = ['CERTIFICATE', 'CLIENT_KEY', 'CLIENT_CERTIFICATE'];
  const names = kinds.flatMap((kind) => [
    `OTEL_EXPORTER_OTLP_${kind}`,
    ...(['TRACES', 'METRICS', 'LOGS'] as const).map((signal) => `OTEL_EXPORTER_OTLP_${signal}_${kind}`),
  ]);
  return names.flatMap((name) => firstSet(env, [name]) ?? []);
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
  const refusal = (value: unknown, allowed: string) =>
    new OptionError({ option: from, value, allowed, isSecret: true });
  for (const [name, value] of Object.entries(added)) {
    if (!/^[0-9a-z_.-]+$/i.test(name) || name.toLowerCase().endsWith('-bin')) {
      throw refusal(name, 'headers whose names have only letters, digits, - . _ and do not end in -bin');
    }
    if (typeof value !== 'string' || !/^[ -~]*$/.test(value)) {
      throw refusal(value, `headers of plain ASCII text, which ${name} is not: percent-encode or correct it`);
    }
    headers[name.toLowerCase()] = value;
  }
}
