/** What each span has of one interval between two samples: parallel arrays, parents before their parts. */
export interface Parts {
  readonly length: number;
  /** Index of the part of the span that this one belongs to; -1 where no ancestor is alive in the interval. */
  readonly parents: Int32Array;
  /** Time of the interval in which each span was alive, ns. */
  readonly aliveNs: Float64Array;
  /** Of that, the time in which its parent was alive too, ns. */
  readonly withParentNs: Float64Array;
}

/** Shares of an interval for each part, in their order. The totals of the outermost spans and remainders add up to 1. */
export interface PartShares {
  /** With the spans below it, while it was alive. */
  readonly total: Float64Array;
  /** Without them. */
  readonly self: Float64Array;
}

/**
 * Equal shares: spans that are part of nothing alive divide the interval by the time that they were alive in it; the
 * parts of a span divide its share in the same way, so that more or fewer spans below it do not change it.
 */
export function equalShares({ length, parents, aliveNs, withParentNs }: Parts): PartShares {
  const total = new Float64Array(length);
  const self = new Float64Array(length);
  const belowNs = new Float64Array(length);
  let outermostNs = 0;
  for (let k = 0; k < length; k++) {
    const parent = at(parents, k);
    if (parent < 0) outermostNs += at(aliveNs, k);
    else {
      outermostNs += at(aliveNs, k) - at(withParentNs, k);
      belowNs[parent] = at(belowNs, parent) + at(withParentNs, k);
    }
  }
  if (!(outermostNs > 0)) return { total, self };
  for (let k = 0; k < length; k++) {
    const parent = at(parents, k);
    const alive = at(aliveNs, k);
    const withParent = at(withParentNs, k);
    let share = (alive - (parent < 0 ? 0 : withParent)) / outermostNs;
    if (parent >= 0) share += (at(total, parent) * withParent) / Math.max(at(aliveNs, parent), at(belowNs, parent));
    total[k] = share;
    const below = at(belowNs, k);
    self[k] = below >= alive ? 0 : (share * (alive - below)) / alive;
  }
  return { total, self };
}

/**
 * Shares by weight: each span has the part of the interval that its own weight is of all weights, and with it the parts
 * of the spans below it while it was alive.
 *
 * @param weights of each span itself, without the spans below it: finite, not negative
 * @returns undefined where all weights are 0
 */
export function weightedShares(parts: Parts, weights: Float64Array): PartShares | undefined {
  const { parents, aliveNs, withParentNs } = parts;
  let all = 0;
  for (const weight of weights) all += weight;
  if (!(all > 0)) return undefined;
  const self = weights.map((weight) => weight / all);
  const total = self.slice();
  for (let k = parts.length - 1; k >= 0; k--) {
    const parent = at(parents, k);
    if (parent < 0 || !(at(aliveNs, k) > 0)) continue;
    total[parent] = at(total, parent) + (at(total, k) * at(withParentNs, k)) / at(aliveNs, k);
  }
  return { total, self };
}

/** Reads an index that the loops above keep inside the array. */
function at(array: Float64Array | Int32Array, k: number): number {
  return array[k] ?? Number.NaN;
}
