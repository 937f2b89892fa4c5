import type { EnergyFigure } from './energyEstimate.ts';
import type { MeterError, MeterModel, MeterPart } from './meterModel.ts';
import { normal95, studentQuantile } from './studentQuantile.ts';

/** Sampling error of some joules. */
export interface SamplingError {
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

/** Error of the meter in joules: standard uncertainties and bounds apart. */
export interface MeterUncertainty {
  readonly variance: number | undefined;
  readonly bound: number | undefined;
  readonly notStated: readonly MeterPart[];
}

/**
 * @param joules energy that the gain works on
 * @param seconds time that the offset works on; 0 for a difference of powers, which no offset changes
 */
export function meterUncertainty(meter: MeterModel, joules: number, seconds: number): MeterUncertainty {
  let variance: number | undefined;
  let bound: number | undefined;
  const notStated: MeterPart[] = [];
  const add = (error: MeterError, scale: number, part: MeterPart) => {
    if (typeof error === 'string') notStated.push(part);
    else if (error.kind === 'stderr') variance = (variance ?? 0) + (error.value * scale) ** 2;
    else bound = (bound ?? 0) + Math.abs(error.value * scale);
  };
  add(meter.gain, joules, 'gain');
  if (seconds > 0) {
    add(meter.offsetWatts, seconds, 'offset');
    // A steady power may sit anywhere within one step of the meter: uniform, so step² / 12.
    const { quantumWatts } = meter;
    add(
      typeof quantumWatts === 'string' ? quantumWatts : { kind: 'stderr', value: quantumWatts / Math.sqrt(12) },
      seconds,
      'quantum',
    );
  }
  return { variance, bound, notStated };
}

/** The 95 % interval is made of both: Student's factor for the sampling, 1.96 for the meter, a bound in full. */
export function figureOf(joules: number, sampling: SamplingError, meter: MeterUncertainty): EnergyFigure {
  const samplingStderr = Math.sqrt(sampling.variance);
  const half = halfWidth(sampling, meter);
  return {
    joules,
    low: joules - half,
    high: joules + half,
    samplingStderr,
    degreesOfFreedom: sampling.degreesOfFreedom,
    // A meter that is stated to be exact has no error of its own, rather than one of 0.
    ...(meter.variance !== undefined && meter.variance > 0 && { meterStderr: Math.sqrt(meter.variance) }),
    ...(meter.bound !== undefined && { meterBound: meter.bound }),
    meterNotStated: meter.notStated,
  };
}

export function halfWidth({ variance, degreesOfFreedom }: SamplingError, meter: MeterUncertainty): number {
  return Math.hypot(studentQuantile(degreesOfFreedom) * Math.sqrt(variance), meterHalfWidth(meter));
}

export function meterHalfWidth({ variance, bound }: MeterUncertainty): number {
  return Math.hypot(normal95 * Math.sqrt(variance ?? 0), bound ?? 0);
}

/** Degrees of freedom of a sum of independent variances (Welch and Satterthwaite). */
export function addErrors(errors: readonly SamplingError[]): SamplingError {
  let variance = 0;
  let spread = 0;
  for (const error of errors) {
    variance += error.variance;
    spread += error.variance ** 2 / error.degreesOfFreedom;
  }
  return { variance, degreesOfFreedom: spread > 0 ? variance ** 2 / spread : Number.POSITIVE_INFINITY };
}
