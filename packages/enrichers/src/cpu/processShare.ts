import { knownOptions, type OptionNames, systemClock } from '@benchlab-otel/core';
import { parseHostBusy, readHostStat } from './hostBusy.ts';

/** Times in /proc/stat move in steps of 10 ms for each processor: observations are no closer than this. */
const minStepNs = 100e6;
/** A share is taken over at least this long, so that those steps are 1 % of a busy processor. */
const minWindowNs = 1e9;
/** 102 s of observations, and 24 kB. */
const capacity = 1024;
/** The CPU time of this process is exact: its rate is taken since the observation before, at least this long ago. */
const minRateNs = 25e6;
/** At 20 observations a second, three seconds: an event loop that was blocked for longer has its rate over that time. */
const maxReadings = 64;

/** Which part of the host's CPU time this process used. */
export interface ProcessShare {
  /** Reads the counters now, which is at `timeNs` (CLOCK_MONOTONIC). Call it at each sample: it skips what is too close. */
  observe(timeNs: number): void;
  /**
   * CPU time of this process divided by that of the whole host, 0 to 1: over the observations around that interval, and
   * at least a second. For a shorter interval of the latest, this process counts with what it used since the observation
   * before, because it may work in one interval and wait in the next. Undefined before they cover both, where nothing was busy, and where `reason` says why.
   */
  shareBetween(fromNs: number, toNs: number): number | undefined;
  /**
   * From now on CPU time of this process that no span can have used counts as that of others.
   * @param seconds that CPU time so far; undefined while it is not known. A function that is passed again replaces the one before.
   */
  leaveOut(seconds: () => number | undefined): void;
  /** Why the host's CPU time cannot be read at the moment. */
  readonly reason: string | undefined;
}

export interface ProcessShareOptions {
  /** The text of /proc/stat, or its start. */
  readonly readStat?: () => string;
  /** CPU time of this process with all its threads, in seconds. */
  readonly processSeconds?: () => number;
  /** CLOCK_MONOTONIC now, ns. */
  readonly nowNs?: () => number;
}

const optionNames: OptionNames<ProcessShareOptions> = { readStat: true, processSeconds: true, nowNs: true };

/**
 * Compares the CPU time of this process with the busy time of all processors in /proc/stat. Time stolen by other virtual
 * machines counts as that of strangers. /proc/stat is of the host, also within a container that is limited to a part of
 * it, which is right for a meter of the whole host; where the container has a /proc/stat of its own (lxcfs, gVisor),
 * what others use is not in it and the share is too large.
 *
 * @example
 * const share = processShare();
 * history.onSample((_source, timeNs) => share.observe(timeNs));
 */
export function processShare(options: ProcessShareOptions = {}): ProcessShare {
  knownOptions<ProcessShareOptions>('processShare', options, optionNames);
  const { readStat = readHostStat, nowNs = () => systemClock.nowNs() } = options;
  return new ObservedShare(readStat, options.processSeconds ?? processSeconds, nowNs);
}

/** CPU time of this process so far, in seconds. */
interface Own {
  readonly processSeconds: number;
  /** The part of it that is left out. */
  readonly leftOutSeconds: number;
}

interface Observation extends Own {
  readonly timeNs: number;
  readonly hostSeconds: number;
}

interface Reading extends Own {
  /** The time of the sample that it is of, ns. */
  readonly timeNs: number;
  /** When it was taken, ns. */
  readonly nowNs: number;
  /** The reading that it is compared with; undefined for the first. */
  readonly before: Reading | undefined;
}

class ObservedShare implements ProcessShare {
  reason: string | undefined = undefined;
  readonly #readStat: () => string;
  readonly #processSeconds: () => number;
  readonly #nowNs: () => number;
  /** The latest readings of the CPU time of this process. */
  readonly #readings: Reading[] = [];
  /** CPU time that is left out: how to read it, the reading before, and its growth so far. */
  #leftOut = { read: (): number | undefined => undefined, before: undefined as number | undefined, seconds: 0 };
  /** In the order of time. */
  #observations: Observation[] = [];

  constructor(readStat: () => string, processSeconds: () => number, nowNs: () => number) {
    this.#nowNs = nowNs;
    this.#readStat = readStat;
    this.#processSeconds = processSeconds;
  }

  leaveOut(seconds: () => number | undefined): void {
    this.#leftOut = { ...this.#leftOut, read: seconds, before: seconds() };
  }

  observe(timeNs: number): void {
    const last = this.#observations.at(-1);
    if (timeNs > (this.#readings.at(-1)?.timeNs ?? Number.NEGATIVE_INFINITY) && timeNs < Number.POSITIVE_INFINITY)
      this.#readProcess(timeNs);
    if (!Number.isFinite(timeNs) || (last && timeNs - last.timeNs < minStepNs)) return;
    const next = this.#read(timeNs);
    const isContinuous =
      next && (!last || (next.hostSeconds >= last.hostSeconds && next.processSeconds >= last.processSeconds));
    // Nothing is known over a time in which the counters could not be read, or started again.
    if (!isContinuous) this.#observations = [];
    if (next) this.#observations.push(next);
    // Half at once: moving them all at each observation would cost more than reading.
    if (this.#observations.length > capacity) this.#observations.splice(0, capacity / 2);
  }

  shareBetween(fromNs: number, toNs: number): number | undefined {
    const all = this.#observations;
    let first = all.findLastIndex(({ timeNs }) => timeNs <= fromNs);
    // The observation at `toNs` itself may have been too close to the one before, which may be the one at `fromNs`.
    let last = all.findIndex(({ timeNs }) => timeNs > toNs - minStepNs);
    if (first === -1 || last === -1 || fromNs >= toNs) return undefined;
    for (let isWider = true; isWider && spanNs(all[first], all[last]) < minWindowNs; ) {
      isWider = first > 0 || last < all.length - 1;
      first = Math.max(0, first - 1);
      last = Math.min(all.length - 1, last + 1);
    }
    const isShort = toNs - fromNs < minWindowNs;
    return shareOf(all[first], all[last], isShort ? this.#readings.find(({ timeNs }) => timeNs >= toNs) : undefined);
  }

  #own(): Own {
    const { read, before, seconds } = this.#leftOut;
    const [processSeconds, now] = [this.#processSeconds(), read()];
    const added = now !== undefined && before !== undefined ? now - before : 0;
    // It falls when time that was pending is booked on a span: the growth that follows makes up for it.
    if (added >= 0) this.#leftOut = { read, before: now, seconds: seconds + added };
    return { processSeconds, leftOutSeconds: this.#leftOut.seconds };
  }

  #readProcess(timeNs: number): void {
    const nowNs = this.#nowNs();
    // By the times of the readings: the event loop may pass on several samples at once, late.
    const before = this.#readings.findLast((reading) => nowNs - reading.nowNs >= minRateNs);
    this.#readings.push({ timeNs, nowNs, ...this.#own(), before: before && { ...before, before: undefined } });
    if (this.#readings.length > maxReadings) this.#readings.shift();
  }

  #read(timeNs: number): Observation | undefined {
    try {
      const hostSeconds = parseHostBusy(this.#readStat());
      const own = this.#own();
      this.reason = hostSeconds === undefined ? '/proc/stat has no line of all processors.' : undefined;
      return hostSeconds === undefined ? undefined : { timeNs, ...own, hostSeconds };
    } catch (error) {
      this.reason = `/proc/stat cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      return undefined;
    }
  }
}

function spanNs(from: Observation | undefined, to: Observation | undefined): number {
  return from && to ? to.timeNs - from.timeNs : 0;
}

/** @param newest what this process used of late; without it, what it used between the observations */
function shareOf(
  from: Observation | undefined,
  to: Observation | undefined,
  newest: Reading | undefined,
): number | undefined {
  const spannedNs = spanNs(from, to);
  if (!from || !to || spannedNs < minWindowNs) return undefined;
  const others = Math.max(0, to.hostSeconds - from.hostSeconds - (to.processSeconds - from.processSeconds));
  const { before } = newest ?? {};
  const used = newest && before ? usedBetween(before, newest) : usedBetween(from, to);
  const scale = newest && before ? spannedNs / (newest.nowNs - before.nowNs) : 1;
  const all = used.process * scale + others;
  return all > 0 ? (used.own * scale) / all : undefined;
}

/** CPU seconds of this process, and without what is left out: the two are read one after the other, so not below 0. */
function usedBetween(from: Own, to: Own): { readonly process: number; readonly own: number } {
  const process = to.processSeconds - from.processSeconds;
  return { process, own: Math.max(0, process - (to.leftOutSeconds - from.leftOutSeconds)) };
}

function processSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
