import { type Aperture, numberOption, OptionError } from '@benchlab-otel/core';

/** How well the vendor or a calibration knows a constant error of the meter. It does not average out. */
export type MeterError =
  /** The standard uncertainty, as a calibration gives it. */
  | { readonly kind: 'stderr'; readonly value: number }
  /** The error is at most this, as a data sheet gives it. */
  | { readonly kind: 'bound'; readonly value: number }
  /** It is not published. It is not in the interval, and the figure lists it. */
  | 'not stated by the vendor';

/** What is known of a power meter: data, by product and firmware. */
export interface MeterModel {
  /** What a value stands for. Not stated: the power at some time within one refresh period before the sample. */
  readonly aperture: Aperture | 'not stated';
  /** How often the device renews its value, s. Without it, the period of the samples counts. */
  readonly refreshSeconds?: number;
  /** Constant relative error of the power: 0.005 is 0.5 %. */
  readonly gain: MeterError;
  /** Constant error of the power, W. */
  readonly offsetWatts: MeterError;
  /** Step between two values that the meter can give, W. */
  readonly quantumWatts: number | 'not stated by the vendor';
  /** Where each of these figures comes from. */
  readonly source: string;
}

/** The part of a meter's error that is not stated, so that no interval contains it. */
export type MeterPart = 'gain' | 'offset' | 'quantum';

/** @throws OptionError for a value that no meter can have */
export function checkMeter(meter: MeterModel): void {
  const { aperture, refreshSeconds, quantumWatts } = meter;
  if (typeof aperture === 'object' && aperture.kind === 'mean' && typeof aperture.seconds === 'number') {
    checkAbove(aperture.seconds, 'aperture.seconds');
  }
  if (refreshSeconds !== undefined) checkAbove(refreshSeconds, 'refreshSeconds');
  if (typeof quantumWatts === 'number') checkNotNegative(quantumWatts, 'quantumWatts');
  if (typeof meter.gain === 'object') checkNotNegative(meter.gain.value, 'gain.value');
  if (typeof meter.offsetWatts === 'object') checkNotNegative(meter.offsetWatts.value, 'offsetWatts.value');
}

function checkAbove(value: number, name: string): void {
  if (value > 0 && value < Number.POSITIVE_INFINITY) return;
  throw new OptionError({ option: `meter.${name}`, value, allowed: 'a finite number of seconds above 0' });
}

function checkNotNegative(value: number, name: string): void {
  numberOption(`meter.${name}`, value, { least: 0 });
}
