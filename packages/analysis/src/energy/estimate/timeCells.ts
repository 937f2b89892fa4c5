/**
 * Time cut into cells, without holes from minus to plus infinity. Each cell names the samples that know the power in it:
 * one (`left` equals `right`), two with the power on the straight line between them, or none (`gap` is 0 or more).
 */
export interface TimeCells {
  /** Seconds; cell g reaches from `bounds[g]` to `bounds[g + 1]`. */
  readonly bounds: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly gap: readonly number[];
  readonly gaps: number;
}

class CellList implements TimeCells {
  readonly bounds: number[] = [Number.NEGATIVE_INFINITY];
  readonly left: number[] = [];
  readonly right: number[] = [];
  readonly gap: number[] = [];
  gaps = 0;

  known(to: number, left: number, right: number): void {
    this.#push(to, left, right, -1);
  }

  unknown(to: number): void {
    this.#push(to, -1, -1, this.gaps++);
  }

  #push(to: number, left: number, right: number, gap: number): void {
    this.bounds.push(to);
    this.left.push(left);
    this.right.push(right);
    this.gap.push(gap);
  }
}

/** The power between two samples lies on the line between them; one period before the first and after the last is known. */
export function interpolatedCells(knots: Float64Array, isGapBefore: Uint8Array, periodSeconds: number): TimeCells {
  const cells = new CellList();
  const last = knots.length - 1;
  cells.unknown((knots[0] ?? 0) - periodSeconds);
  cells.known(knots[0] ?? 0, 0, 0);
  for (let i = 1; i <= last; i++) {
    const to = knots[i] ?? 0;
    if (isGapBefore[i] === 1) cells.unknown(to);
    else cells.known(to, i - 1, i);
  }
  cells.known((knots[last] ?? 0) + periodSeconds, last, last);
  cells.unknown(Number.POSITIVE_INFINITY);
  return cells;
}

/** A part of the time between two samples that the second one's mean may miss and still counts as known. */
const late = 0.25;

/** Each sample is the mean over the time before it; `apertureOf` gives its length in seconds. */
export function averagedCells(
  times: Float64Array,
  isGapBefore: Uint8Array,
  apertureOf: (index: number) => number,
  periodSeconds: number,
): TimeCells {
  const cells = new CellList();
  const last = times.length - 1;
  times.forEach((time, i) => {
    const from = time - apertureOf(i);
    const before = i === 0 ? Number.NEGATIVE_INFINITY : (times[i - 1] ?? 0);
    if ((isGapBefore[i] === 1 && from > before) || from - before > late * (time - from)) cells.unknown(from);
    cells.known(time, i, i);
  });
  cells.known((times[last] ?? 0) + periodSeconds, last, last);
  cells.unknown(Number.POSITIVE_INFINITY);
  return cells;
}
