import { OptionError } from '@benchlab-otel/core';
import type { MeterModel } from './meterModel.ts';

/** Power of one source and role: parallel arrays, oldest first. */
export interface MeterSamples {
  /** When each sample was taken, ns of one monotonic clock. */
  readonly timesNs: ArrayLike<number>;
  /** W. NaN where the sample has no value for this role. */
  readonly watts: ArrayLike<number>;
  /** The sample was taken within this many ns before or after its time. */
  readonly uncertaintiesNs: ArrayLike<number>;
  /** 1 where nothing is known between the sample before and this one. */
  readonly gapBefore: ArrayLike<number>;
}

/** All calls of one operation, in any order; they may overlap each other and those of other operations. */
export interface OperationCalls {
  readonly name: string;
  /** ns, on the clock of the samples. */
  readonly startsNs: ArrayLike<number>;
  readonly endsNs: ArrayLike<number>;
  /**
   * Weight of each call while it is in flight: the share of one CPU that it used (CPU seconds divided by its duration),
   * or 1. Missing: 1 for every call. `added` is then per weighted second, and the whole is split by these weights.
   */
  readonly weights?: ArrayLike<number>;
}

/** What an estimate is made from: the samples of one role of one source, the calls, and what is known of the meter. */
export interface EstimateInput {
  readonly samples: MeterSamples;
  readonly operations: readonly OperationCalls[];
  readonly meter: MeterModel;
  /**
   * Joules are counted only for the time from `startNs` to `endNs`; samples and calls outside of it still help to find
   * the slopes. Missing: all calls count in full.
   */
  readonly window?: { readonly startNs: number; readonly endNs: number };
}

/** What was left out because it is impossible, counted. */
export interface LeftOut {
  /** Samples without a finite time, power or uncertainty. */
  readonly samplesNotFinite: number;
  /** Samples that are not newer than the one before. */
  readonly samplesOutOfOrder: number;
  /** Samples whose time is not known within four periods. */
  readonly samplesUncertain: number;
  /** Samples that repeat a value because the device renews it more slowly than it is read. */
  readonly samplesRepeated: number;
  /** Calls without finite times, or that end before they start. */
  readonly callsInvalid: number;
  /** Calls whose weight is NaN, infinite or negative. */
  readonly weightsInvalid: number;
}

/** @throws OptionError where parallel arrays differ in length */
export function checkInput({ samples, operations, window }: EstimateInput): void {
  const count = samples.timesNs.length;
  checkLength('samples.watts', samples.watts, count);
  checkLength('samples.uncertaintiesNs', samples.uncertaintiesNs, count);
  checkLength('samples.gapBefore', samples.gapBefore, count);
  for (const { name, startsNs, endsNs, weights } of operations) {
    checkLength(`endsNs of operation ${JSON.stringify(name)}`, endsNs, startsNs.length);
    if (weights) checkLength(`weights of operation ${JSON.stringify(name)}`, weights, startsNs.length);
  }
  if (window && !(window.endNs > window.startNs)) {
    const allowed = `later than window.startNs, ${window.startNs}`;
    throw new OptionError({ option: 'window.endNs', value: window.endNs, allowed });
  }
}

function checkLength(name: string, values: ArrayLike<number>, expected: number): void {
  if (values.length === expected) return;
  throw new OptionError({ option: name, value: values, allowed: `as long as the arrays next to it, ${expected}` });
}
