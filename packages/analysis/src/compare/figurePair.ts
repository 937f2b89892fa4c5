/** The figures of two runs that ran one after the other, and how their order was drawn. */
export interface FigurePair {
  readonly candidate: number;
  readonly baseline: number;
  readonly candidateFirst: boolean;
  /** The chance that the candidate would run first, when the order was drawn: 0.5; 0 or 1 where the balance left no choice. */
  readonly chanceFirst: number;
}

/**
 * How far two figures are apart. `ratio`: by their logarithms, for figures above 0. `share`: by their difference, for shares that
 * are often 0, such as that of failed calls.
 */
export type FigureScale = 'ratio' | 'share';

/** How far the candidate is above `ratio` times the baseline: 0 where it is exactly that, negative below. */
export function excess({ candidate, baseline }: FigurePair, ratio: number, scale: FigureScale): number {
  return scale === 'ratio' ? Math.log(candidate / (ratio * baseline)) : candidate / ratio - baseline;
}
