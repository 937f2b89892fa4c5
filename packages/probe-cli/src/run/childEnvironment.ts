// These would send the traces elsewhere, or dress the connection for another endpoint: they are taken away. What the
// user chose about sampling, resources and propagation stays.
const diverting =
  /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?(?:ENDPOINT|PROTOCOL|HEADERS|CERTIFICATE|CLIENT_KEY|CLIENT_CERTIFICATE|INSECURE)$|^OTEL_SDK_DISABLED$/;

/**
 * The environment of a child whose OTLP goes to `endpoint`: the standard variables of OpenTelemetry and this project's
 * own. PROMETHEUS_PORT is 0 unless it was set, so that parallel runs do not collide.
 */
export function childEnvironment(parent: NodeJS.ProcessEnv, endpoint: string): NodeJS.ProcessEnv {
  const kept = Object.entries(parent).filter(([name]) => !diverting.test(name));
  return {
    PROMETHEUS_PORT: '0',
    ...Object.fromEntries(kept),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_TRACES_EXPORTER: 'otlp',
    // Milliseconds. Short, so that a child that is killed loses little, and long enough to make batches.
    OTEL_BSP_SCHEDULE_DELAY: '200',
    TELEMETRY_EXPORTER_ENDPOINT: endpoint,
  };
}
