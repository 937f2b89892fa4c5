// Next.js calls register() once, before it answers the first request.
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return; // not in the edge runtime, nor in the browser
  const { startTelemetry } = await import('@benchlab-otel/node');
  const telemetry = await startTelemetry({ serviceName: 'shop' });
  process.once('SIGTERM', () => telemetry.shutdown());
}
