import type { MeterModel } from './estimate/meterModel.ts';
import { meterUncertainty } from './estimate/meterUncertainty.ts';

/**
 * Standard error from the meter's own gain, offset and step, joules. A bound ±a counts as a / √3, the uniform
 * distribution of the "Guide to the expression of uncertainty in measurement" (JCGM 100:2008, 4.3.7). Undefined where gain
 * or offset are not stated, because the rest alone would look like all of it, and where the meter is its own truth.
 *
 * @param seconds of the meter that are the operation's, on which the offset works
 */
export function statedMeterStderr(meter: MeterModel, joules: number, seconds: number): number | undefined {
  if (typeof meter.gain === 'string' || typeof meter.offsetWatts === 'string') return undefined;
  const { variance = 0, bound = 0 } = meterUncertainty(meter, joules, Math.max(0, seconds));
  const stderr = Math.sqrt(variance + bound ** 2 / 3);
  return stderr > 0 ? stderr : undefined;
}
