import type { Histogram } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { type InMemoryTelemetry, inMemoryTelemetry } from '../src/testing/index.ts';

/** A whole SDK in memory, registered globally until `stop`: that of the lane in which the tests run. */
export class Recorder {
  readonly ended: ReadableSpan[] = [];
  readonly #telemetries: InMemoryTelemetry[] = [];

  /** Registers nothing yet. */
  static silent(): Recorder {
    return new Recorder();
  }

  static start(options: { sampled?: boolean; processor?: Partial<SpanProcessor> } = {}): Recorder {
    const recorder = new Recorder();
    recorder.register(options);
    return recorder;
  }

  register({ sampled = true, processor }: { sampled?: boolean; processor?: Partial<SpanProcessor> } = {}): void {
    const collecting: SpanProcessor = {
      onStart: () => {},
      onEnd: (span) => this.ended.push(span),
      forceFlush: async () => {},
      shutdown: async () => {},
      ...processor,
    };
    this.#telemetries.push(inMemoryTelemetry({ sampled, spanProcessors: [collecting] }));
  }

  /** Unregistered when it returns; the rest of stopping has no effect outside. */
  stop(): void {
    for (const telemetry of this.#telemetries) void telemetry.shutdown();
  }

  get troubles(): readonly string[] {
    return this.#telemetries.flatMap(({ diagnostics }) => diagnostics);
  }

  /** The only ended span of that name. */
  span(name: string): ReadableSpan {
    const found = this.ended.filter((span) => span.name === name);
    if (found.length !== 1)
      throw new Error(`${found.length} spans '${name}' in ${this.ended.map((span) => span.name)}`);
    return found[0] as ReadableSpan;
  }

  /** What a metric has counted, or how many durations it has, by its attributes as JSON. */
  async points(metric: string): Promise<Record<string, number>> {
    const recorded = await this.#metric(metric);
    return Object.fromEntries(
      (recorded?.points ?? []).map(({ attributes, value }) => [
        JSON.stringify(attributes),
        typeof value === 'number' ? value : value.count,
      ]),
    );
  }

  async histogram(metric: string): Promise<{ unit: string; value: Histogram }> {
    const recorded = await this.#metric(metric);
    if (recorded === undefined) throw new Error(`no metric '${metric}'`);
    return { unit: recorded.unit, value: recorded.points[0]?.value as Histogram };
  }

  async #metric(name: string) {
    const metrics = await this.#telemetries.at(-1)?.metrics();
    return metrics?.find((metric) => metric.name === name);
  }
}
