import type { CellResult } from './cellResult.ts';
import type { TableCell } from './energyTable.ts';

const leastHeld = 0.91;
const leastHeldOverAll = 0.94;
const largestBias = 0.003;
const mostWithoutFigure = 0.05;

/** What a cell of the table misses, in words; empty where it reaches all bars. */
export function missedBars({ cell, group, knownLimit }: TableCell, result: CellResult): string[] {
  if (group === 'reported') return [];
  const missed: string[] = [];
  if (!(result.wholeHeld >= leastHeld) && knownLimit === undefined) {
    missed.push(`whole holds in ${percent(result.wholeHeld)}, not ${percent(leastHeld)}`);
  }
  if (!(result.addedHeld >= leastHeld)) {
    missed.push(`added holds in ${percent(result.addedHeld)}, not ${percent(leastHeld)}`);
  }
  if (!(Math.abs(result.bias) <= largestBias)) missed.push(`bias ${percent(result.bias, 3)}`);
  const without = 1 - Math.min(result.figures, result.addedFigures) / result.runs;
  if (!(without <= mostWithoutFigure)) missed.push(`no figure in ${percent(without)}`);
  const widest = group === 'plain' ? widestHalf(cell) : undefined;
  if (widest !== undefined && !(result.wholeHalf <= widest)) {
    missed.push(`half width of the whole ${percent(result.wholeHalf, 2)}, not ${percent(widest, 1)}`);
  }
  return missed;
}

/** What all cells together miss. */
export function missedOverAll(results: readonly (readonly [TableCell, CellResult])[]): string[] {
  const barred = results.filter(([{ group }]) => group !== 'reported').map(([, result]) => result);
  if (barred.length === 0) return [];
  const total = (of: (result: CellResult) => number) => barred.reduce((sum, result) => sum + of(result), 0);
  const whole = total((result) => result.wholeHeld * result.figures || 0) / total((result) => result.figures);
  const added = total((result) => result.addedHeld * result.addedFigures || 0) / total((result) => result.addedFigures);
  const missed: string[] = [];
  if (!(whole >= leastHeldOverAll)) missed.push(`all cells: whole holds in ${percent(whole)}`);
  if (!(added >= leastHeldOverAll)) missed.push(`all cells: added holds in ${percent(added)}`);
  return missed;
}

/** Half widths that a run of 20 s at 20 Hz under 20 W of disturbance has to reach, share of the whole. */
function widestHalf({ meter, disturbance, callSeconds }: TableCell['cell']): number | undefined {
  if (callSeconds >= 10) return undefined; // these run for 120 s
  if (meter === 'mean') return disturbance === 'noise' ? 0.045 : 0.007;
  return callSeconds < 1e-3 ? 0.06 : 0.015;
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}
