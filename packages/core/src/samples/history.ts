import type { SampleConsumer, SourceLoss } from '../contracts/receiver.ts';
import type { Sample, Source } from '../contracts/sample.ts';
import type { SelfCount } from '../contracts/selfCount.ts';
import { benchlabHistoryDropped } from '../registry/metrics.ts';
import { PowerRing, type PowerWindow } from './powerRing.ts';

export interface SampleHistoryOptions {
  /** Samples kept for each source; the oldest go first. 65,536 is 54 minutes at 20 Hz and 2.7 MB. */
  readonly capacity?: number;
  /** Sources kept; samples of further ones are dropped and counted. */
  readonly maxSources?: number;
}

/**
 * The recent power of every source, for whoever joins it to operations. Bounded: old samples leave, and
 * samples of sources beyond the bound are counted in `droppedSamples`.
 */
export class SampleHistory implements SampleConsumer {
  droppedSamples = 0;
  readonly #capacity: number;
  readonly #maxSources: number;
  readonly #rings = new Map<string, PowerRing>();
  readonly #listeners = new Set<(source: Source, timeNs: number) => void>();

  constructor(options: SampleHistoryOptions = {}) {
    this.#capacity = positiveInteger('capacity', options.capacity ?? 65_536, 2);
    this.#maxSources = positiveInteger('maxSources', options.maxSources ?? 16, 1);
  }

  sample(sample: Sample): void {
    if (sample.totals === undefined) return;
    let ring = this.#rings.get(sample.source.id);
    if (ring === undefined) {
      if (this.#rings.size >= this.#maxSources) {
        this.droppedSamples++;
        return;
      }
      ring = new PowerRing(this.#capacity);
      this.#rings.set(sample.source.id, ring);
    }
    if (!ring.push(sample)) {
      this.droppedSamples++;
      return;
    }
    for (const listener of this.#listeners) listener(sample.source, sample.timeNs);
  }

  lost(loss: SourceLoss): void {
    this.#rings.get(loss.source.id)?.break();
  }

  counts(): readonly SelfCount[] {
    return [{ definition: benchlabHistoryDropped, value: this.droppedSamples }];
  }

  /** The sources that have power samples, in the order in which they first appeared. */
  get sources(): readonly Source[] {
    return [...this.#rings.values()].flatMap((ring) => ring.source ?? []);
  }

  /** CLOCK_MONOTONIC of the newest sample of a source, or undefined. */
  newestNs(sourceId: string): number | undefined {
    return this.#rings.get(sourceId)?.newestNs();
  }

  /** The larger of sample period and refresh period of a source, ns; undefined before its third sample. */
  periodNs(sourceId: string): number | undefined {
    return this.#rings.get(sourceId)?.periodNs();
  }

  /** The samples from the last one at or before `startNs` to the first one at or after `endNs`. */
  window(sourceId: string, startNs: number, endNs: number): PowerWindow | undefined {
    return this.#rings.get(sourceId)?.window(startNs, endNs);
  }

  /** Calls `listener` after each sample. The returned function ends that. */
  onSample(listener: (source: Source, timeNs: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function positiveInteger(option: string, value: number, least: number): number {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`SampleHistory: ${option} must be a whole number of at least ${least}, got ${value}.`);
  }
  return value;
}
