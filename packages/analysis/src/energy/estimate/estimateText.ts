import { percent, toHalfWidth } from '../../text/quantity.ts';
import type { AddedEnergy, NoFigureReason, WholeEnergy } from './energyEstimate.ts';

/**
 * A whole or added energy in words: `61.2 J (58.0 to 64.4)`, `not different from 0 (-1.2 to +3.4 J)`, or why there is no
 * figure, with the time that would be enough where time helps.
 */
export function energyText(energy: WholeEnergy | AddedEnergy): string {
  switch (energy.kind) {
    case 'figure':
      return `${digits(energy.joules, energy)} J (${digits(energy.low, energy)} to ${digits(energy.high, energy)})`;
    case 'not-different-from-zero': {
      const range = `not different from 0 (${digits(energy.low, energy)} to +${digits(energy.high, energy)} J)`;
      return range + moreText(energy.secondsMore);
    }
    case 'none':
      return reasonText(energy.reason) + moreText(energy.secondsMore);
  }
}

function reasonText(reason: NoFigureReason): string {
  switch (reason.kind) {
    case 'no-calls':
      return 'no call was in flight';
    case 'not-covered':
      return `samples cover ${percent(reason.coverage)} of the time of the calls, ${percent(reason.needed)} is needed`;
    case 'too-few-samples':
      return `${reason.samples} samples, ${reason.needed} are needed`;
    case 'no-contrast':
      return 'the calls run so evenly that they do not stand out from what runs besides';
    case 'inseparable':
      return 'these operations always run together, so their parts are not known';
    case 'window-unplaced':
      return (
        `the calls are about as long as the meter's window of ${seconds(reason.windowSeconds)}, whose place is not known; ` +
        'a calibration that states the aperture of the meter gives a figure (--calibration FILE)'
      );
    case 'too-many-operations':
      return `only the ${reason.limit} operations with the most time have figures of their own`;
    case 'too-wide':
      return `the interval is ± ${toHalfWidth(reason.halfWidthJoules, reason.halfWidthJoules)} J, more than half of the figure`;
  }
}

/** A wait beyond this is not worth naming, s: a day. */
const longestWait = 24 * 3600;

/** `40 s more would tell`: how long the same load has to go on. Empty where time does not help, or more than a day. */
export function moreTimeText(secondsMore: number | undefined): string {
  if (secondsMore === undefined || !(secondsMore < longestWait)) return '';
  return `${longTime(secondsMore)} more would tell`;
}

function moreText(secondsMore: number | undefined): string {
  const text = moreTimeText(secondsMore);
  return text === '' ? '' : `; ${text}`;
}

/** From here on minutes, or hours, read better, s. */
const [manySeconds, manyMinutes] = [120, 7200];

function longTime(value: number): string {
  if (value >= manyMinutes) return `${Math.ceil(value / 3600)} h`;
  return value >= manySeconds ? `${Math.ceil(value / 60)} min` : seconds(value);
}

function seconds(value: number): string {
  return `${value < 1 ? value.toPrecision(2) : Math.ceil(value)} s`;
}

function digits(value: number, { low, high }: { readonly low: number; readonly high: number }): string {
  return toHalfWidth(value, (high - low) / 2);
}
