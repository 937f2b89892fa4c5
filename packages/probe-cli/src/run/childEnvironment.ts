// These would send the traces elsewhere, or dress the connection for another endpoint: they are taken away. What the
// user chose about sampling, resources and propagation stays.
const diverting =
  /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?(?:ENDPOINT|PROTOCOL|CERTIFICATE|CLIENT_KEY|CLIENT_CERTIFICATE|INSECURE)$|^OTEL_SDK_DISABLED$/;

/** In some SDKs, the headers of a signal replace those of all signals. */
const headers = /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?HEADERS$/;

/** Where a child sends its OTLP: the endpoint, and the header (`name=value`) that proves that it is this child. */
export interface ChildEndpoint {
  readonly endpoint: string;
  readonly header: string;
}

/**
 * The environment of a child whose OTLP goes to `endpoint`: the standard variables of OpenTelemetry and this project's
 * own. PROMETHEUS_PORT is 0 unless it was set, so that parallel runs do not collide.
 */
export function childEnvironment(parent: NodeJS.ProcessEnv, { endpoint, header }: ChildEndpoint): NodeJS.ProcessEnv {
  const kept = Object.entries(parent)
    .filter(([name]) => !diverting.test(name))
    .map(([name, value]) => [name, headers.test(name) ? withHeader(value, header) : value]);
  return {
    PROMETHEUS_PORT: '0',
    OTEL_EXPORTER_OTLP_HEADERS: header,
    ...Object.fromEntries(kept),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_TRACES_EXPORTER: 'otlp',
    // Milliseconds. Short, so that a child that is killed loses little, and long enough to make batches.
    OTEL_BSP_SCHEDULE_DELAY: '200',
    TELEMETRY_EXPORTER_ENDPOINT: endpoint,
  };
}

/** The headers of the user, without those of a run around this one, whose value would come before that of this run. */
function withHeader(value: string | undefined, header: string): string {
  const [name = ''] = header.split('=');
  const others = (value ?? '').split(',').map((entry) => entry.trim());
  const kept = others.filter((entry) => entry !== '' && entry.split('=')[0]?.trim().toLowerCase() !== name);
  return [...kept, header].join(',');
}
