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
      return `samples cover ${(100 * reason.coverage).toFixed(0)} % of the time of the calls`;
    case 'too-few-samples':
      return `${reason.samples} samples, ${reason.needed} are needed`;
    case 'no-contrast':
      return 'the calls run so evenly that they do not stand out from what runs besides';
    case 'inseparable':
      return 'these operations always run together, so their parts are not known';
    case 'window-unplaced':
      return `the calls are about as long as the meter's window of ${seconds(reason.windowSeconds)}, whose place is not known`;
    case 'too-many-operations':
      return `only the ${reason.limit} operations with the most time have figures of their own`;
    case 'too-wide':
      return `the interval is ± ${reason.halfWidthJoules.toFixed(1)} J, more than half of the figure`;
  }
}

/** A wait beyond this is not worth naming, s: a month. */
const longestWait = 30 * 24 * 3600;

function moreText(secondsMore: number | undefined): string {
  if (secondsMore === undefined || !(secondsMore < longestWait)) return '';
  return `; ${seconds(secondsMore)} more would be enough`;
}

function seconds(value: number): string {
  return `${value < 1 ? value.toPrecision(2) : Math.ceil(value)} s`;
}

/** As many digits as the interval has a use for: two of its half width. */
function digits(value: number, { low, high }: { readonly low: number; readonly high: number }): string {
  const place = Math.floor(Math.log10((high - low) / 2));
  return value.toFixed(Math.min(20, Math.max(0, 1 - place)));
}
