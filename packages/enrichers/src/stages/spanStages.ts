import {
  alreadyStarted,
  type EndedSpan,
  type Enricher,
  knownOptions,
  OptionError,
  type OptionNames,
  type StageConsumer,
  type StageSource,
} from '@benchlab-otel/core';

/** A span that stands for a stage. */
export interface SpanStage {
  /** Name of the span. */
  readonly span: string;
  /** Default: the name of the span. */
  readonly stage?: string;
  /** Whether the stage is reached when the span starts or when it ends. Default: `end`. */
  readonly at?: 'start' | 'end';
}

export interface SpanStagesOptions {
  readonly stages: readonly SpanStage[];
  /**
   * The frame that a span belongs to: one of its attributes, for example. Default: its trace id, because one trace is one
   * piece of work. Undefined for a span without a frame.
   */
  readonly frameId?: (span: EndedSpan) => string | undefined;
}

const optionNames: OptionNames<SpanStagesOptions> = { stages: true, frameId: true };

/**
 * Spans as stages of a pipeline, next to those of GStreamer or other programs: an enricher that adds nothing, and a source
 * of stage events. Both events of a span come once it has ended; spans that are not sampled have none.
 *
 * @throws OptionError when `stages` is empty
 * @example
 * const stages = spanStages({ stages: [{ span: 'ingest', at: 'start' }, { span: 'encode' }] });
 * await startTelemetry({ enrichers: [stages] });
 * await stages.start(consumer);
 */
export function spanStages(options: SpanStagesOptions): Enricher & StageSource {
  knownOptions<SpanStagesOptions>('spanStages', options, optionNames);
  if (options.stages.length === 0) {
    const allowed = "a list of at least one span: [{ span: 'encode' }]";
    throw new OptionError({ option: 'stages', value: options.stages, allowed });
  }
  return new SpanStages(options);
}

class SpanStages implements Enricher, StageSource {
  readonly name = 'span-stages';
  readonly #frameId: (span: EndedSpan) => string | undefined;
  readonly #bySpan = new Map<string, SpanStage[]>();
  #consumer: StageConsumer | undefined;

  constructor({ stages, frameId = ({ traceId }) => traceId }: SpanStagesOptions) {
    this.#frameId = frameId;
    for (const stage of stages) this.#bySpan.set(stage.span, [...(this.#bySpan.get(stage.span) ?? []), stage]);
  }

  async start(consumer: StageConsumer): Promise<void> {
    if (this.#consumer !== undefined) throw alreadyStarted(this.name);
    this.#consumer = consumer;
  }

  async stop(): Promise<void> {
    this.#consumer = undefined;
  }

  spanEnded(span: EndedSpan): undefined {
    const stages = this.#consumer === undefined ? undefined : this.#bySpan.get(span.name);
    if (stages === undefined) return;
    const frameId = this.#frameId(span);
    for (const { stage = span.name, at = 'end' } of stages) {
      this.#consumer?.stage({
        timeNs: at === 'start' ? span.startNs : span.endNs,
        uncertaintyNs: span.uncertaintyNs,
        stage,
        ...(frameId === undefined ? {} : { frameId }),
        traceId: span.traceId,
        source: this.name,
      });
    }
  }
}
