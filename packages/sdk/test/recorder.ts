import { context, type DiagLogger, DiagLogLevel, diag, metrics, trace } from '@opentelemetry/api';
import { type DataPoint, type Histogram, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOffSampler,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';

class Reader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** A whole SDK in memory, registered globally until `stop`. */
export class Recorder {
  readonly ended: ReadableSpan[] = [];
  readonly troubles: string[] = [];
  #reader = new Reader();

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
    const provider = new NodeTracerProvider({
      spanProcessors: [collecting],
      ...(sampled ? {} : { sampler: new AlwaysOffSampler() }),
    });
    provider.register();
    this.#reader = new Reader();
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [this.#reader] }));
    const warn = (...args: unknown[]) => this.troubles.push(args.join(' '));
    const ignore = () => {};
    const logger: DiagLogger = { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  }

  stop(): void {
    trace.disable();
    metrics.disable();
    context.disable();
    diag.disable();
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
    const { resourceMetrics } = await this.#reader.collect();
    const points = resourceMetrics.scopeMetrics
      .flatMap((scope) => scope.metrics)
      .filter((data) => data.descriptor.name === metric)
      .flatMap((data) => data.dataPoints as DataPoint<number | Histogram>[]);
    return Object.fromEntries(
      points.map(({ attributes, value }) => [
        JSON.stringify(attributes),
        typeof value === 'number' ? value : value.count,
      ]),
    );
  }

  async histogram(metric: string): Promise<{ unit: string; value: Histogram }> {
    const { resourceMetrics } = await this.#reader.collect();
    const data = resourceMetrics.scopeMetrics
      .flatMap((scope) => scope.metrics)
      .find(({ descriptor }) => descriptor.name === metric);
    if (data === undefined) throw new Error(`no metric '${metric}'`);
    return { unit: data.descriptor.unit, value: data.dataPoints[0]?.value as Histogram };
  }
}
