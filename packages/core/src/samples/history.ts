import type { SampleConsumer, SourceLoss } from '../contracts/receiver.ts';
import type { Sample, Source } from '../contracts/sample.ts';
import type { SelfCount } from '../contracts/selfCount.ts';
import { knownOptions, type OptionNames } from '../options/knownOptions.ts';
import { numberOption } from '../options/numberOption.ts';
import { benchlabHistoryDropped } from '../registry/metrics.ts';
import { createReportOnce } from '../reports/reportOnce.ts';
import { isImpossiblePower, mostWatts } from './possiblePower.ts';
import { PowerRing, type PowerWindow } from './powerRing.ts';

export interface SampleHistoryOptions {
  /** Samples kept for each source; the oldest leave first. The default is 54 minutes at 20 Hz, and 2.7 MB. */
  readonly capacity?: number;
  /** Sources kept; samples of further ones are dropped and counted. */
  readonly maxSources?: number;
}

const defaultCapacity = 65_536;
/** Boards, GPUs and processor packages of one host. */
const defaultMaxSources = 16;

const optionNames: OptionNames<SampleHistoryOptions> = { capacity: true, maxSources: true };

/**
 * The recent power of every source, for code that joins it to operations. Bounded: old samples leave, and samples of
 * sources beyond the bound are counted in `droppedSamples`.
 */
export class SampleHistory implements SampleConsumer {
  droppedSamples = 0;
  readonly #report = createReportOnce('SampleHistory');
  readonly #capacity: number;
  readonly #maxSources: number;
  readonly #rings = new Map<string, PowerRing>();
  readonly #listeners = new Set<(source: Source, timeNs: number) => void>();

  constructor(options: SampleHistoryOptions = {}) {
    knownOptions<SampleHistoryOptions>('SampleHistory', options, optionNames);
    this.#capacity = numberOption('capacity', options.capacity ?? defaultCapacity, { least: 2, isWhole: true });
    this.#maxSources = numberOption('maxSources', options.maxSources ?? defaultMaxSources, { least: 1, isWhole: true });
  }

  sample(sample: Sample): void {
    if (sample.totals === undefined) return;
    if (Object.values(sample.totals).some(isImpossiblePower)) {
      // It would become energy of every span that overlaps it.
      this.#report(`a total of ${sample.source.id} was above ${mostWatts / 1e6} MW: such samples are dropped`);
      this.droppedSamples++;
      return;
    }
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

  /** Calls `listener` after each sample. The returned function removes the listener. */
  onSample(listener: (source: Source, timeNs: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
