import {
  BenchlabError,
  type EndedSpan,
  type Enricher,
  type StageConsumer,
  type StageSource,
} from '@benchlab-otel/core';

/** Which span stands for which stage. */
export interface SpanStage {
  /** Name of the span. */
  readonly span: string;
  /** Default: the name of the span. */
  readonly stage?: string;
  /** Whether the stage is reached as the span starts or as it ends. Default: `end`. */
  readonly at?: 'start' | 'end';
}

export interface SpanStagesOptions {
  readonly stages: readonly SpanStage[];
  /**
   * Which frame a span is of: an attribute of it, say. Default: its trace id, as one trace is one piece of work. Undefined
   * for a span that is of none.
   */
  readonly frameId?: (span: EndedSpan) => string | undefined;
}

/**
 * Spans as stages of a pipeline, beside those of GStreamer or other programs: an enricher that adds nothing, and a source
 * of stage events. Both events of a span come once it has ended; spans that are not sampled bring none.
 *
 * @throws BenchlabError BAD_OPTION where no stage is named
 * @example
 * const stages = spanStages({ stages: [{ span: 'ingest', at: 'start' }, { span: 'encode' }] });
 * await startTelemetry({ enrichers: [stages] });
 * await stages.start(consumer);
 */
export function spanStages(options: SpanStagesOptions): Enricher & StageSource {
  if (options.stages.length === 0) {
    throw new BenchlabError('BAD_OPTION', 'spanStages has no stages.', "Name spans: { stages: [{ span: 'encode' }] }.");
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
    if (this.#consumer !== undefined) {
      throw new BenchlabError('ALREADY_STARTED', `${this.name} runs already.`, 'Stop it first.');
    }
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
        source: this.name,
      });
    }
  }
}
