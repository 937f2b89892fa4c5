/** What one span has of one interval between two samples. Parents stand before their parts. */
export interface Part {
  /** Index of the part of the span that this one belongs to; -1 where no ancestor is alive in the interval. */
  readonly parent: number;
  /** Time of the interval in which the span was alive, ns. */
  readonly aliveNs: number;
  /** Of that, the time in which its parent was alive too, ns. */
  readonly withParentNs: number;
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
export function equalShares(parts: readonly Part[]): PartShares {
  const total = new Float64Array(parts.length);
  const self = new Float64Array(parts.length);
  const belowNs = new Float64Array(parts.length);
  let outermostNs = 0;
  for (const { parent, aliveNs, withParentNs } of parts) {
    if (parent < 0) outermostNs += aliveNs;
    else {
      outermostNs += aliveNs - withParentNs;
      belowNs[parent] = (belowNs[parent] ?? 0) + withParentNs;
    }
  }
  if (!(outermostNs > 0)) return { total, self };
  for (const [k, { parent, aliveNs, withParentNs }] of parts.entries()) {
    const above = parts[parent];
    const share =
      above === undefined
        ? aliveNs / outermostNs
        : (aliveNs - withParentNs) / outermostNs +
          ((total[parent] ?? 0) * withParentNs) / Math.max(above.aliveNs, belowNs[parent] ?? 0);
    total[k] = share;
    const below = belowNs[k] ?? 0;
    self[k] = below >= aliveNs ? 0 : (share * (aliveNs - below)) / aliveNs;
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
export function weightedShares(parts: readonly Part[], weights: Float64Array): PartShares | undefined {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(all > 0)) return undefined;
  const self = weights.map((weight) => weight / all);
  const total = self.slice();
  for (let k = parts.length - 1; k >= 0; k--) {
    const part = parts[k];
    if (part === undefined || part.parent < 0 || !(part.aliveNs > 0)) continue;
    total[part.parent] = (total[part.parent] ?? 0) + ((total[k] ?? 0) * part.withParentNs) / part.aliveNs;
  }
  return { total, self };
}
