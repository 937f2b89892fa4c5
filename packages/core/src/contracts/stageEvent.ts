import type { BenchlabError } from '../errors/benchlabError.ts';

/** Something in a pipeline reached a stage. */
export interface StageEvent {
  /** CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  /** How far `timeNs` may be off, ns: 0 in one's own process, the clock bracket across two. */
  readonly uncertaintyNs: number;
  /** `ingress`, `encoded` … */
  readonly stage: string;
  /**
   * Which frame: the same text at every stage that it reaches, so that stages are paired exactly and a frame that is
   * missing at a later stage was dropped. Absent where the source knows none.
   */
  readonly frameId?: string;
  /** Where it comes from, unique in this process: `gst`, `jsonl:/run/stages.fifo`, `spans`. */
  readonly source: string;
  /** Made up, and whatever derives from it says so. */
  readonly simulated?: true;
}

/** Where stage events go. Its methods are called synchronously; they must not throw or block. */
export interface StageConsumer {
  stage(event: StageEvent): void;
  /** Input that was no stage event, or found no room: what it was and how often since the start. Now and then, not for each. */
  rejected?(report: StageRejection): void;
  /** No event comes any more until the source is started again: it ended by itself, or with an error. */
  ended?(end: { readonly source: string; readonly error?: BenchlabError }): void;
}

export interface StageRejection {
  readonly source: string;
  /** The latest reason, with where it stood: `line 17: no stage`. */
  readonly reason: string;
  readonly count: number;
}

/**
 * Brings stage events in. The life cycle is that of a `Receiver`: `start` resolves when it runs, `stop` is safe unstarted,
 * repeated and while `start` is pending, and leaves no timer, handle, listener or process. After `start` nothing throws.
 */
export interface StageSource {
  readonly name: string;
  start(consumer: StageConsumer): Promise<void>;
  stop(): Promise<void>;
}
