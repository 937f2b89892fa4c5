/** A pivot below this share of its diagonal element counts as 0: what is left is rounding. */
const singularBelow = 1e-9;

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
    for (let j = 0; j < size; j++) out[j] = (row[j] ?? 0) * (scale[i] ?? 0) * (scale[j] ?? 0);
    out[size + i] = 1;
    return out;
  });
  for (let i = 0; i < size; i++) {
    const pivotRow = wide[i];
    if (pivotRow === undefined) return undefined;
    const pivot = pivotRow[i] ?? 0;
    if (!(pivot > singularBelow)) return undefined; // also NaN
    for (let j = i; j < 2 * size; j++) pivotRow[j] = (pivotRow[j] ?? 0) / pivot;
    for (let r = 0; r < size; r++) {
      const row = wide[r];
      const factor = row === undefined ? 0 : (row[i] ?? 0);
      if (row === undefined || r === i || factor === 0) continue;
      for (let j = i; j < 2 * size; j++) row[j] = (row[j] ?? 0) - factor * (pivotRow[j] ?? 0);
    }
  }
  return wide.map((row, i) =>
    Float64Array.from({ length: size }, (_, j) => (row[size + j] ?? 0) * (scale[i] ?? 0) * (scale[j] ?? 0)),
  );
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** `matrix` times `vector`. */
export function times(matrix: readonly ArrayLike<number>[], vector: ArrayLike<number>): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}
