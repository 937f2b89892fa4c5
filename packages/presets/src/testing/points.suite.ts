import type { InMemoryTelemetry } from '@benchlab-otel/sdk/testing';

/** The values of one metric by their attributes as JSON; of a histogram, the number of its values. */
export async function pointsOf(telemetry: InMemoryTelemetry, name: string): Promise<Record<string, number>> {
  const recorded = (await telemetry.metrics()).find((metric) => metric.name === name);
  return Object.fromEntries(
    (recorded?.points ?? []).map(({ attributes, value }) => [
      JSON.stringify(attributes),
      typeof value === 'number' ? value : value.count,
    ]),
  );
}
