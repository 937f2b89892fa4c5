import {
  attribute,
  type BenchlabError,
  type Sample,
  type SampleConsumer,
  type Source,
  type SourceLoss,
} from '@benchlab-otel/core';
import type { MeterSummary } from '../report/result.ts';

interface Watched {
  readonly source: Source;
  samples: number;
  firstNs: number;
  lastNs: number;
  losses: number;
  lastLoss?: BenchlabError;
}

/** A board is read on its direct-current rails. An agent also has meters within GPUs and processors. */
export function isBoard({ boundary }: Source): boolean {
  return boundary === 'dc_rails';
}

/** Meters of one report, which are those of one host. Further ones are left out. */
const maxSources = 16;

/** Keeps count of the samples of each meter, and lets others wait for them. */
export class MeterWatch implements SampleConsumer {
  readonly #askedHz: number | undefined;
  readonly #watched = new Map<string, Watched>();
  readonly #waiting = new Set<() => void>();

  constructor(askedHz: number | undefined) {
    this.#askedHz = askedHz;
  }

  sample({ source, timeNs }: Sample): void {
    const seen = this.#watched.get(source.id);
    if (seen !== undefined) {
      seen.samples++;
      seen.lastNs = timeNs;
    } else if (this.#watched.size < maxSources) {
      this.#watched.set(source.id, { source, samples: 1, firstNs: timeNs, lastNs: timeNs, losses: 0 });
    }
    for (const look of this.#waiting) look();
  }

  lost({ source, error }: SourceLoss): void {
    const seen = this.#watched.get(source.id);
    if (seen === undefined) return;
    seen.losses++;
    seen.lastLoss = error;
  }

  /**
   * Whether a sample at or after `timeNs` came within `timeoutMs`.
   * @param isAwaited whose sample. Default: a board where there is one, else any meter.
   */
  waitFor(
    timeNs: number,
    timeoutMs: number,
    isAwaited: (source: Source) => boolean = this.#isMainMeter,
  ): Promise<boolean> {
    return new Promise((resolve) => {
      const arrived = () =>
        [...this.#watched.values()].some(({ source, lastNs }) => lastNs >= timeNs && isAwaited(source));
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(arrived());
      };
      const look = () => {
        if (arrived()) finish();
      };
      const timer = setTimeout(finish, timeoutMs);
      this.#waiting.add(look);
      look();
    });
  }

  readonly #isMainMeter = (source: Source): boolean =>
    isBoard(source) || ![...this.#watched.values()].some((watched) => isBoard(watched.source));

  get meters(): readonly MeterSummary[] {
    return [...this.#watched.values()].map(({ source, samples, firstNs, lastNs, losses, lastLoss }) => {
      const firmware = source.attributes[attribute.hwFirmwareVersion];
      const assumed = source.attributes[attribute.firmwareAssumed];
      return {
        id: source.id,
        name: source.name,
        simulated: source.simulated,
        ...(source.boundary === undefined ? {} : { boundary: source.boundary }),
        ...(firmware === undefined ? {} : { firmware: String(firmware) }),
        ...(assumed === undefined ? {} : { assumedFirmware: String(assumed) }),
        samples,
        ...(this.#askedHz === undefined ? {} : { askedHz: this.#askedHz }),
        ...(lastNs > firstNs ? { seenHz: (samples - 1) / ((lastNs - firstNs) * 1e-9) } : {}),
        losses,
        ...(lastLoss === undefined ? {} : { lastLoss: lastLoss.message }),
      };
    });
  }
}
