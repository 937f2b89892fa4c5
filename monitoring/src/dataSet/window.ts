/**
 * The last instant of the data set, seconds since 1970: 2026-11-29 12:00:00 UTC. It is fixed, so that the same source gives the
 * same blocks, and it is the end of a block: Prometheus cuts its blocks at multiples of two hours.
 */
export const dataEnd: number = Date.UTC(2026, 10, 29, 12) / 1000;
export const blockSeconds: number = 2 * 3600;
/** What a dashboard of a week shows. */
export const dataStart: number = dataEnd - 7 * 86_400;
/** From here on, samples are as close as those of a service that is scraped often. */
export const fineStart: number = dataEnd - 6 * 3600;
const fineStepSeconds = 15;
const coarseStepSeconds = 300;

/** Start and end of each block, oldest first. */
export function blocks(): readonly (readonly [number, number])[] {
  const count = (dataEnd - dataStart) / blockSeconds;
  return Array.from({ length: count }, (_, block) => {
    const start = dataStart + block * blockSeconds;
    return [start, start + blockSeconds] as const;
  });
}

/** A block with series of recording rules. */
interface RecordedBlock {
  readonly start: number;
  readonly end: number;
  /** The names of those that are in it. */
  readonly series: RegExp;
}

/**
 * The blocks whose samples are close enough for the rates of rules, and of a day before the end what panels and alerts compare with:
 * the energy of operations, which is a rate over 15 minutes.
 */
export function recordedBlocks(): readonly RecordedBlock[] {
  return blocks()
    .filter(([start, end]) => start >= fineStart || end === dataEnd - 86_400)
    .map(([start, end]) => ({ start, end, series: start >= fineStart ? /./ : /^operation:/ }));
}

/** The instants of a block at which there are samples. The last block has the end of the data too. */
export function instants([start, end]: readonly [number, number]): readonly number[] {
  const step = start >= fineStart ? fineStepSeconds : coarseStepSeconds;
  const count = Math.floor((end - start) / step);
  return Array.from({ length: count }, (_, sample) => start + sample * step);
}
