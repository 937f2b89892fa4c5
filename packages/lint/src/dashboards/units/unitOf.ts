import type { Binary, Call, Expression } from '../../promql/expression.ts';
import type { SeriesCatalogue } from '../../promql/seriesCatalogue.ts';
import { countOf, divided, isSame, multiplied, scaled, seconds, share, type Unit, unitOfCode } from './unit.ts';

/** Units that recording rules have by their queries. */
export type RecordedUnits = ReadonlyMap<string, Unit>;

/** Follows units from the series upward. Undefined where one is not known: then no unit is wrong. */
export function unitOf(
  expression: Expression,
  catalogue: SeriesCatalogue,
  recorded: RecordedUnits = new Map(),
): Unit | undefined {
  const below = (of: Expression | undefined) => (of === undefined ? undefined : unitOf(of, catalogue, recorded));
  switch (expression.kind) {
    case 'number':
    case 'string':
      return undefined;
    case 'selector':
      return expression.name === undefined ? undefined : unitOfSeries(expression.name, catalogue, recorded);
    case 'range':
    case 'subquery':
    case 'negation':
      return below(expression.of);
    case 'aggregation':
      if (/^(count|group|count_values)$/.test(expression.operator)) return countOf;
      return expression.operator === 'stdvar' ? undefined : below(expression.operands.at(-1));
    case 'call':
      return ofCall(expression, below);
    case 'binary':
      return ofBinary(expression, below);
  }
}

/** Words in which names of series end, for programs that no registry describes. Source: prometheus.io/docs/practices/naming. */
const suffixes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    seconds: 's',
    bytes: 'By',
    ratio: '1',
    celsius: 'Cel',
    watts: 'W',
    joules: 'J',
    volts: 'V',
    amperes: 'A',
    hertz: 'Hz',
    rpm: 'rpm',
  }),
);

function unitOfSeries(name: string, catalogue: SeriesCatalogue, recorded: RecordedUnits): Unit | undefined {
  const known = catalogue.find(name);
  if (known?.isRecorded) return recorded.get(name);
  if (known?.unit !== undefined) {
    const unit = unitOfCode(known.unit);
    const observed = known.observed === undefined ? bySuffix(name) : unitOfCode(known.observed);
    return unit === undefined || observed === undefined || !name.endsWith('_bucket') ? unit : { ...unit, observed };
  }
  return /_(info|count)$/.test(name) ? countOf : bySuffix(name);
}

function bySuffix(name: string): Unit | undefined {
  const word = /_([a-z]+)$/.exec(name.replace(/(_total|_sum|_bucket|_max|_min)$/, ''))?.[1] ?? '';
  const code = suffixes.get(word);
  return code === undefined ? undefined : unitOfCode(code);
}

type Below = (expression: Expression | undefined) => Unit | undefined;

const countingCalls =
  /^(changes|resets|count_over_time|absent|absent_over_time|present_over_time|histogram_count|sgn)$/;
const keepingCalls =
  /^(increase|delta|idelta|abs|ceil|floor|round|clamp|clamp_min|clamp_max|sort|sort_desc|label_replace|label_join|scalar|(avg|max|min|sum|last|first|stddev|mad)_over_time)$/;

function ofCall({ name, operands }: Call, below: Below): Unit | undefined {
  const [first, second] = operands;
  if (countingCalls.test(name)) return countOf;
  if (keepingCalls.test(name)) return below(first);
  if (/^(rate|irate|deriv)$/.test(name)) {
    const of = below(first);
    return of === undefined ? undefined : divided(of, seconds);
  }
  if (name === 'time' || name === 'timestamp') return seconds;
  if (name === 'histogram_quantile') return below(second)?.observed;
  if (name === 'quantile_over_time') return below(second);
  if (name === 'predict_linear') return below(first);
  return undefined;
}

function ofBinary({ operator, left, right }: Binary, below: Below): Unit | undefined {
  const [a, b] = [below(left), below(right)];
  if (operator === '*' || operator === '/') {
    if (right.kind === 'number' && a !== undefined) {
      return right.value === 0 ? a : scaled(a, operator === '*' ? right.value : 1 / right.value);
    }
    if (left.kind === 'number' && b !== undefined && left.value !== 0) {
      return operator === '*' ? scaled(b, left.value) : scaled(divided(share, b), left.value);
    }
    if (a === undefined || b === undefined) return undefined;
    return operator === '*' ? multiplied(a, b) : divided(a, b);
  }
  if (operator === '^' || operator === '%' || operator === 'atan2') return undefined;
  if (/^([<>]=?|[!=]=|and|unless)$/.test(operator)) return a;
  // Of a sum or of "or", both sides have the unit: what is known of one holds for the other.
  if (a === undefined || b === undefined) return a ?? b;
  return isSame(a, b) ? a : undefined;
}
