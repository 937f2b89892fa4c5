import { dot, invert, times } from './matrix.ts';

/** How well one combination of coefficients is known. */
export interface Combination {
  readonly variance: number;
  readonly degreesOfFreedom: number;
  /** How much the combination moves when the value of a row moves by 1. */
  readonly rowWeights: Float64Array;
}

/** Above this leverage a residual is mostly the row's own fit, not its error: the division of HC3 stops here. */
const maxLeverage = 0.9;

/** What is known of the errors of the rows. */
export interface RowErrors {
  /** Neighbours up to this distance may err alike. */
  readonly lags: number;
  /** Rows at this distance may err alike, too. */
  readonly farLag?: number | undefined;
  /** No error has a variance below this. */
  readonly leastVariance: number;
}

/** Least squares with errors of unequal size that may also depend on their neighbours. */
export class RobustFit {
  readonly coefficients: Float64Array;
  readonly #columns: readonly Float64Array[];
  readonly #inverse: readonly Float64Array[];
  readonly #residuals: Float64Array;
  readonly #leverage: Float64Array;
  readonly #errors: RowErrors;

  /** @returns undefined when the columns are not independent, or there are not more rows than columns */
  static of(values: Float64Array, columns: readonly Float64Array[], errors: RowErrors): RobustFit | undefined {
    if (values.length <= columns.length) return undefined;
    const inverse = invert(columns.map((a) => columns.map((b) => dot(a, b))));
    return inverse && new RobustFit(values, columns, inverse, errors);
  }

  private constructor(
    values: Float64Array,
    columns: readonly Float64Array[],
    inverse: readonly Float64Array[],
    errors: RowErrors,
  ) {
    this.#columns = columns;
    this.#inverse = inverse;
    this.#errors = errors;
    this.coefficients = times(
      inverse,
      columns.map((column) => dot(column, values)),
    );
    this.#residuals = values.slice();
    this.#leverage = new Float64Array(values.length);
    columns.forEach((column, a) => {
      const along = this.#combine(at2(inverse, a));
      for (let i = 0; i < values.length; i++) {
        this.#residuals[i] = (this.#residuals[i] ?? 0) - (this.coefficients[a] ?? 0) * (column[i] ?? 0);
        this.#leverage[i] = (this.#leverage[i] ?? 0) + (along[i] ?? 0) * (column[i] ?? 0);
      }
    });
  }

  /**
   * The variance of `weights` times the coefficients is the largest of four: HC3 (MacKinnon and White 1985), HC3 with
   * Bartlett weights on the lags (Newey and West 1987), the variance for equal errors, and the floor that the step of
   * the meter sets. The first two are low where few rows decide, the third where errors grow with the column.
   * Degrees of freedom after Bell and McCaffrey 2002, for equal errors (Imbens and Kolesar 2016, eq. 10).
   */
  along(weights: ArrayLike<number>): Combination {
    const z = this.#combine(times(this.#inverse, weights));
    const rows = z.length;
    const moved = new Float64Array(rows);
    let hc3 = 0;
    let squares = 0;
    let fourths = 0;
    for (let i = 0; i < rows; i++) {
      const psi = ((z[i] ?? 0) * (this.#residuals[i] ?? 0)) / (1 - Math.min(maxLeverage, this.#leverage[i] ?? 0));
      moved[i] = psi;
      hc3 += psi * psi;
      const square = (z[i] ?? 0) ** 2;
      squares += square;
      fourths += square * square;
    }
    const free = rows - this.#columns.length;
    const equal = (squares * dot(this.#residuals, this.#residuals)) / free;
    const { lags, farLag, leastVariance } = this.#errors;
    const near = bartlett(moved, lags);
    const far = farLag === undefined ? 0 : 2 * lagged(moved, farLag);
    return {
      variance: Math.max(hc3, hc3 + near, hc3 + near + far, equal, squares * leastVariance),
      degreesOfFreedom: fourths > 0 ? Math.max(1, (squares ** 2 / fourths) * (free / rows)) : 1,
      rowWeights: z,
    };
  }

  /** Covariance matrix of several combinations after HC3 (MacKinnon and White 1985). */
  covariance(combinations: readonly ArrayLike<number>[]): Float64Array[] {
    const moved = combinations.map((weights) => {
      const z = this.#combine(times(this.#inverse, weights));
      return z.map((v, i) => (v * (this.#residuals[i] ?? 0)) / (1 - Math.min(maxLeverage, this.#leverage[i] ?? 0)));
    });
    return moved.map((a) => Float64Array.from(moved, (b) => dot(a, b)));
  }

  #combine(weights: ArrayLike<number>): Float64Array {
    const out = new Float64Array(this.#columns[0]?.length ?? 0);
    this.#columns.forEach((column, a) => {
      const weight = weights[a] ?? 0;
      if (weight !== 0) for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + weight * (column[i] ?? 0);
    });
    return out;
  }
}

/** What neighbours add to a sum of squares: twice the products at each lag, with weights that fall to 0 (Bartlett). */
function bartlett(moved: Float64Array, lags: number): number {
  let total = 0;
  for (let lag = 1; lag <= lags; lag++) total += 2 * (1 - lag / (lags + 1)) * lagged(moved, lag);
  return total;
}

function lagged(moved: Float64Array, lag: number): number {
  let products = 0;
  for (let i = lag; i < moved.length; i++) products += (moved[i] ?? 0) * (moved[i - lag] ?? 0);
  return products;
}

function at2(rows: readonly Float64Array[], index: number): Float64Array {
  return rows[index] ?? new Float64Array();
}
