import { portVariables } from '../observe/pagePort.ts';

// These would send the traces elsewhere, or dress the connection for another endpoint: they are taken away. What the
// user chose about sampling, resources and propagation stays.
const diverting =
  /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?(?:ENDPOINT|PROTOCOL|CERTIFICATE|CLIENT_KEY|CLIENT_CERTIFICATE|INSECURE)$/;

/** In some SDKs, the headers of a signal replace those of all signals. */
const headers = /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?HEADERS$/;

/** Where a child sends its OTLP: the endpoint, and the header (`name=value`) that proves that it is this child. */
export interface ChildEndpoint {
  readonly endpoint: string;
  readonly header: string;
}

/** What is asked of a child beyond its spans. */
export interface ChildObservation {
  /** The port of its metrics page, unless the user has set one. Without it, the page is at any free port. */
  readonly pagePort?: number;
  /** Metrics and log lines are wanted soon. Without it, they cost the child what the user has chosen. */
  readonly metricsAndLogs?: boolean;
  /** The trace of the run, in the form of W3C: the spans of all its processes are in it. */
  readonly traceparent?: string;
  /** Where its processes write how many spans they did not send. */
  readonly unsentFile?: string | undefined;
}

/** Milliseconds between two exports of metrics: a child that is killed loses the last second. */
const metricIntervalMs = 1_000;

/**
 * The environment of a child whose OTLP goes to `endpoint`: the standard variables of OpenTelemetry and this project's
 * own. PROMETHEUS_PORT is 0 unless it was set or the page is read, so that parallel runs do not collide.
 */
export function childEnvironment(
  parent: NodeJS.ProcessEnv,
  { endpoint, header }: ChildEndpoint,
  observation: ChildObservation = {},
): NodeJS.ProcessEnv {
  const kept = Object.entries(parent)
    .filter(([name]) => !diverting.test(name))
    .map(([name, value]) => [name, headers.test(name) ? withHeader(value, header) : value]);
  return {
    ...Object.fromEntries(kept),
    OTEL_EXPORTER_OTLP_HEADERS: withHeader(parent.OTEL_EXPORTER_OTLP_HEADERS, header),
    ...unlessSet(parent, {
      ...pageVariables(parent, observation.pagePort),
      ...(observation.metricsAndLogs === true ? metricsAndLogs : {}),
      ...traceVariables(parent, observation.traceparent),
      // One of the values that the semantic conventions name.
      TELEMETRY_ENVIRONMENT: 'test',
    }),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_TRACES_EXPORTER: 'otlp',
    // Milliseconds. Short, so that a child that is killed loses little, and long enough to make batches.
    OTEL_BSP_SCHEDULE_DELAY: '200',
    TELEMETRY_EXPORTER_ENDPOINT: endpoint,
    ...(observation.unsentFile === undefined ? {} : { TELEMETRY_UNSENT_FILE: observation.unsentFile }),
  };
}

/** An empty variable is as one that is not set (OpenTelemetry specification, "Parsing empty value"). */
function unlessSet(parent: NodeJS.ProcessEnv, variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !isSet(parent[name])));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== '';
}

const metricsAndLogs = {
  OTEL_METRICS_EXPORTER: 'otlp,prometheus',
  OTEL_LOGS_EXPORTER: 'otlp',
  OTEL_METRIC_EXPORT_INTERVAL: String(metricIntervalMs),
};

function pageVariables(parent: NodeJS.ProcessEnv, port: number | undefined): Record<string, string> {
  if (portVariables.some((name) => isSet(parent[name]))) return {};
  if (port === undefined) return { PROMETHEUS_PORT: '0' };
  const variables = Object.fromEntries(portVariables.map((name) => [name, String(port)]));
  return { ...variables, TELEMETRY_METRICS_PORT_SHARED: 'true' };
}

/** With a sampler by the parent, the trace of the run would decide in place of what the user has chosen. */
function traceVariables(parent: NodeJS.ProcessEnv, traceparent: string | undefined): Record<string, string> {
  const sampler = parent.OTEL_TRACES_SAMPLER?.trim().toLowerCase() ?? '';
  const parentDecides = sampler.startsWith('parentbased_') && sampler !== 'parentbased_always_on';
  return traceparent === undefined || parentDecides ? {} : { TRACEPARENT: traceparent };
}

/** The headers of the user, without those of a run around this one, whose value would come before that of this run. */
function withHeader(value: string | undefined, header: string): string {
  const [name = ''] = header.split('=');
  const others = (value ?? '').split(',').map((entry) => entry.trim());
  const kept = others.filter((entry) => entry !== '' && entry.split('=')[0]?.trim().toLowerCase() !== name);
  return [...kept, header].join(',');
}
