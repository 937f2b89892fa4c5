/** A pivot below this share of its diagonal element counts as 0: what is left is rounding. */
const SINGULAR = 1e-9;

/**
 * Inverse of a symmetric positive definite matrix by Gauss-Jordan elimination, scaled to a unit diagonal first, so that
 * the units of the rows do not decide what counts as singular.
 *
 * @returns undefined when the matrix is singular
 */
export function invert(matrix: readonly ArrayLike<number>[]): Float64Array[] | undefined {
  const size = matrix.length;
  const scale = Float64Array.from(matrix, (row, i) => 1 / Math.sqrt(row[i] ?? 0));
  const wide = matrix.map((row, i) => {
    const out = new Float64Array(2 * size);
    for (let j = 0; j < size; j++) out[j] = at(row, j) * at(scale, i) * at(scale, j);
    out[size + i] = 1;
    return out;
  });
  for (let i = 0; i < size; i++) {
    const pivotRow = wide[i];
    if (pivotRow === undefined) return undefined;
    const pivot = at(pivotRow, i);
    if (!(pivot > SINGULAR)) return undefined; // also NaN
    for (let j = i; j < 2 * size; j++) pivotRow[j] = at(pivotRow, j) / pivot;
    for (let r = 0; r < size; r++) {
      const row = wide[r];
      const factor = row === undefined ? 0 : at(row, i);
      if (row === undefined || r === i || factor === 0) continue;
      for (let j = i; j < 2 * size; j++) row[j] = at(row, j) - factor * at(pivotRow, j);
    }
  }
  return wide.map((row, i) => Float64Array.from({ length: size }, (_, j) => at(row, size + j) * at(scale, i) * at(scale, j)));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += at(a, i) * at(b, i);
  return sum;
}

/** The element, or 0 beyond the end. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}

/** `matrix` times `vector`. */
export function times(matrix: readonly ArrayLike<number>[], vector: ArrayLike<number>): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}
