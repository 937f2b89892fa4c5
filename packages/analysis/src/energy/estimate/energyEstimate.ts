import type { LeftOut } from './estimateInput.ts';
import type { MeterPart } from './meterModel.ts';

/** Joules with all that is known of their error. */
export interface EnergyFigure {
  readonly joules: number;
  /** Ends of the 95 % interval, J, of sampling and meter together. */
  readonly low: number;
  readonly high: number;
  /** Standard error of the sampling, J: it falls with more samples and calls. Never 0. */
  readonly samplingStderr: number;
  /** Degrees of freedom of `samplingStderr`, for Student's factor. */
  readonly degreesOfFreedom: number;
  /** Standard error of the meter, J, from what is stated as a standard uncertainty. It does not average out. */
  readonly meterStderr?: number;
  /** Largest error of the meter, J, from what is stated as a bound. It does not average out. */
  readonly meterBound?: number;
  /** Errors of the meter that are not stated, so that the interval does not contain them. */
  readonly meterNotStated: readonly MeterPart[];
}

/** Why there is no figure. */
export type NoFigureReason =
  /** No call is in flight in the window. */
  | { readonly kind: 'no-calls' }
  /** Valid samples cover too little of the time of the calls. */
  | { readonly kind: 'not-covered'; readonly coverage: number; readonly needed: number }
  | { readonly kind: 'too-few-samples'; readonly samples: number; readonly needed: number }
  /** The occupancy is as good as constant: nothing parts the calls from what runs besides. */
  | { readonly kind: 'no-contrast' }
  /** Operations always run together, in one proportion. */
  | { readonly kind: 'inseparable' }
  /** The place of the meter's window is not known, and the calls are about as long as it. */
  | { readonly kind: 'window-unplaced'; readonly windowSeconds: number }
  /** Beyond the number of operations that get a column of their own. */
  | { readonly kind: 'too-many-operations'; readonly limit: number }
  /** Half the interval is more than half the whole. */
  | { readonly kind: 'too-wide'; readonly halfWidthJoules: number };

export interface NoFigure {
  readonly kind: 'none';
  readonly reason: NoFigureReason;
  /** After this many more seconds of the same load there would be a figure. Missing where time does not help. */
  readonly secondsMore?: number;
}

/** Joules that the rails delivered during the calls: all of them where one call runs, split by weight where several do. */
export type WholeEnergy = ({ readonly kind: 'figure' } & EnergyFigure) | NoFigure;

/** Joules that the calls caused, without what else ran; it needs no baseline. */
export type AddedEnergy =
  | ({ readonly kind: 'figure' } & EnergyFigure)
  /** The interval contains 0. */
  | ({ readonly kind: 'not-different-from-zero'; readonly secondsMore?: number } & EnergyFigure)
  | NoFigure;

export interface OperationEnergy {
  readonly name: string;
  readonly calls: number;
  /** Time with a call in flight, s; where operations overlap, the part that the weights give to this one. */
  readonly seconds: number;
  /** Sum over the calls of duration times weight, s. */
  readonly weightedSeconds: number;
  /** Share of `seconds` that valid samples cover, 0 to 1. */
  readonly coverage: number;
  readonly whole: WholeEnergy;
  readonly added: AddedEnergy;
  /** The added energy if all operations add the same watts per weighted second. See `commonSlope`. */
  readonly addedIfEqual?: AddedEnergy;
}

/** Whether the data allow that all operations add the same watts per weighted second. */
export interface CommonSlope {
  /** Wald test at 5 %: true is "not rejected", which little data never does; it is an assumption, not a finding. */
  readonly isAllowed: boolean;
  readonly pValue: number;
  /** W per weighted second. */
  readonly watts: number;
}

export interface EnergyEstimate {
  readonly operations: readonly OperationEnergy[];
  /** All operations together: the whole counts time with several calls once. */
  readonly total: Omit<OperationEnergy, 'name'>;
  /** Missing for a single operation, or where the slopes are not known. */
  readonly commonSlope?: CommonSlope;
  /** Valid samples that the estimate rests on. */
  readonly samples: number;
  /** Seconds between the first and the last of them. */
  readonly sampledSeconds: number;
  readonly leftOut: LeftOut;
}
