import { type Finding, finding } from '../finding.ts';

export type OtlpProtocol = 'grpc' | 'http/protobuf' | 'http/json';

/** Where the environment sends the OTLP of a signal. */
export interface CollectorTarget {
  /** The variable that names the endpoint. */
  readonly from: string;
  readonly signal: 'traces' | 'metrics' | 'logs';
  /** As it may be shown: without a password. */
  readonly shown: string;
  readonly secure: boolean;
  /** A Unix socket, or a host and a port. */
  readonly at: { readonly path: string } | { readonly host: string; readonly port: number };
  /** Of OTLP over HTTP. */
  readonly httpPath: string;
  /** Those that an exporter may use: all where the environment names none. */
  readonly protocols: readonly OtlpProtocol[];
  readonly headers: Readonly<Record<string, string>>;
  /** Files of TLS, by the options of node:tls. */
  readonly files: Readonly<Partial<Record<'ca' | 'key' | 'cert', string>>>;
}

export interface CollectorTargets {
  readonly targets: readonly CollectorTarget[];
  readonly malformed: readonly Finding[];
}

const signals = ['traces', 'metrics', 'logs'] as const;
const protocols: readonly OtlpProtocol[] = ['grpc', 'http/protobuf', 'http/json'];

/**
 * The endpoints that the environment names, each once. Variables are those of the OpenTelemetry specification, "OpenTelemetry
 * Protocol Exporter", and TELEMETRY_EXPORTER_ENDPOINT of this project.
 */
export function collectorTargets(environment: NodeJS.ProcessEnv): CollectorTargets {
  const targets = new Map<string, CollectorTarget>();
  const malformed = new Map<string, Finding>();
  for (const signal of signals) {
    if (environment[`OTEL_${signal.toUpperCase()}_EXPORTER`]?.trim().toLowerCase() === 'none') continue;
    const read = targetOf(signal, environment);
    if (read === undefined) continue;
    if ('id' in read) malformed.set(read.evidence.join(), read);
    else {
      const key = `${read.shown} ${read.protocols.join()} ${read.from.includes(signal.toUpperCase()) ? read.httpPath : ''}`;
      if (!targets.has(key)) targets.set(key, read);
    }
  }
  return { targets: [...targets.values()], malformed: [...malformed.values()] };
}

function targetOf(
  signal: CollectorTarget['signal'],
  environment: NodeJS.ProcessEnv,
): CollectorTarget | Finding | undefined {
  const set = (name: string) => environment[name]?.trim() || undefined;
  const own = (setting: string) => set(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${setting}`);
  const either = (setting: string) => own(setting) ?? set(`OTEL_EXPORTER_OTLP_${setting}`);
  const from = [
    `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`,
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'TELEMETRY_EXPORTER_ENDPOINT',
  ].find((name) => set(name) !== undefined);
  const text = from && set(from);
  if (from === undefined || text === undefined) return undefined;
  const wanted = either('PROTOCOL');
  const known = protocols.find((protocol) => protocol === wanted);
  if (wanted !== undefined && known === undefined) {
    const evidence = `OTEL_EXPORTER_OTLP_PROTOCOL is ${JSON.stringify(wanted)}, which is not a protocol of OTLP.`;
    return finding('endpoint-malformed', [evidence], `Write one of ${protocols.join(', ')}.`);
  }
  const place = placeOf(text);
  if (place === undefined) {
    const evidence = `${from} is ${JSON.stringify(shownOf(text))}, which is neither http://HOST:PORT, https://HOST:PORT nor unix:///PATH.`;
    return finding('endpoint-malformed', [evidence]);
  }
  const files = Object.entries({ ca: 'CERTIFICATE', key: 'CLIENT_KEY', cert: 'CLIENT_CERTIFICATE' }).flatMap(
    ([option, setting]) => {
      const file = either(setting);
      return file === undefined ? [] : [[option, file] as const];
    },
  );
  const base = place.pathname.replace(/\/$/, '');
  return {
    from,
    signal,
    shown: shownOf(text),
    secure: place.secure,
    at: place.at,
    httpPath: from.includes(`_${signal.toUpperCase()}_`) ? place.pathname : `${base}/v1/${signal}`,
    protocols: known === undefined ? ['grpc', 'http/protobuf'] : [known],
    headers: { ...headersOf(set('OTEL_EXPORTER_OTLP_HEADERS')), ...headersOf(own('HEADERS')) },
    files: Object.fromEntries(files),
  };
}

interface Place {
  readonly secure: boolean;
  readonly at: CollectorTarget['at'];
  readonly pathname: string;
}

function placeOf(text: string): Place | undefined {
  const socket = /^unix:(?:\/\/)?(\/.+)$/i.exec(text)?.[1];
  if (socket !== undefined) return { secure: false, at: { path: socket }, pathname: '/' };
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  // gRPC takes HOST:PORT without a scheme.
  if (!hasScheme && !/^[^\s/@]+:[0-9]+$/.test(text)) return undefined;
  const whole = hasScheme ? text : `http://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(whole);
  if (!['http:', 'https:'].includes(protocol) || hostname === '') return undefined;
  const secure = protocol === 'https:';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { secure, at: { host, port: port === '' ? (secure ? 443 : 80) : Number(port) }, pathname };
}

/** Without user and password. */
function shownOf(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/\s]*@/i, '$1');
}

/** `a=b,c=d` with percent-encoded values, as W3C Baggage writes it. What cannot be a header is left to the exporter. */
function headersOf(text = ''): Record<string, string> {
  const entries = text.split(',').flatMap((entry): (readonly [string, string])[] => {
    const at = entry.indexOf('=');
    const [name, value] = [entry.slice(0, at).trim().toLowerCase(), entry.slice(at + 1).trim()];
    return at > 0 && /^[0-9a-z_.-]+$/.test(name) ? [[name, decoded(value)]] : [];
  });
  return Object.fromEntries(entries.filter(([, value]) => /^[\t -~]*$/.test(value)));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
