import { estimateEnergy } from '../estimateEnergy.ts';
import { holds, median } from './cellResult.ts';
import { type KindsCell, overlappingKinds } from './overlappingKinds.ts';

/** What the runs came to, for each kind; errors and half widths are shares of the truth. */
export interface KindsResult {
  readonly wholeHeld: readonly number[];
  readonly wholeBias: readonly number[];
  readonly addedHeld: readonly number[];
  readonly addedError: readonly number[];
  readonly addedHalf: readonly number[];
  readonly noFigure: readonly number[];
  /** Share of the runs where the Wald test allows one slope, and how often its interval holds in those. */
  readonly commonAllowed: number;
  readonly commonHeld: readonly number[];
}

const seedStep = 104729;

export function kindsResult(cell: KindsCell, runs: number, firstSeed: number): KindsResult {
  const wholes = [0, 1, 2].map((): number[] => []);
  const addeds = [0, 1, 2].map((): number[] => []);
  const halves = [0, 1, 2].map((): number[] => []);
  const counts = { whole: [0, 0, 0], added: [0, 0, 0], common: [0, 0, 0], none: [0, 0, 0] };
  let allowed = 0;
  const count = (list: number[], kind: number, by: boolean) => {
    list[kind] = (list[kind] ?? 0) + Number(by);
  };
  for (let run = 0; run < runs; run++) {
    const { input, truth } = overlappingKinds(cell, firstSeed + run * seedStep);
    const estimate = estimateEnergy(input);
    allowed += Number(estimate.commonSlope?.isAllowed ?? false);
    estimate.operations.forEach(({ whole, added, addedIfEqual }, kind) => {
      const exact = truth[kind] ?? { whole: Number.NaN, added: Number.NaN };
      if (whole.kind === 'figure') {
        wholes[kind]?.push(whole.joules / exact.whole - 1);
        count(counts.whole, kind, holds(whole, exact.whole));
      }
      if (added.kind === 'none') count(counts.none, kind, true);
      else {
        addeds[kind]?.push(added.joules / exact.added - 1);
        halves[kind]?.push((added.high - added.low) / 2 / exact.added);
        count(counts.added, kind, holds(added, exact.added));
      }
      if (addedIfEqual && addedIfEqual.kind !== 'none') count(counts.common, kind, holds(addedIfEqual, exact.added));
    });
  }
  return {
    wholeHeld: counts.whole.map((held, kind) => held / (wholes[kind]?.length ?? 0)),
    wholeBias: wholes.map((errors) => errors.reduce((a, b) => a + b, 0) / errors.length),
    addedHeld: counts.added.map((held, kind) => held / (addeds[kind]?.length ?? 0)),
    addedError: addeds.map(median),
    addedHalf: halves.map(median),
    noFigure: counts.none.map((none) => none / runs),
    commonAllowed: allowed / runs,
    commonHeld: counts.common.map((held) => held / allowed),
  };
}
