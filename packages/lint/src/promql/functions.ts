/** What a PromQL expression gives. */
export type PromqlType = 'scalar' | 'string' | 'vector' | 'range';

export interface PromqlFunction {
  readonly takes: readonly PromqlType[];
  /** How many of the last operands may be left out; `many`: the last one may come any number of times. */
  readonly optional?: number | 'many';
  readonly gives: PromqlType;
  /** The first release that has it, where that is later than the oldest one that our rules must load in, 2.42. */
  readonly since?: string;
}

const one = (takes: PromqlType, gives: PromqlType = 'vector'): PromqlFunction => ({ takes: [takes], gives });
const time: PromqlFunction = { takes: ['vector'], optional: 1, gives: 'vector' };
const new3 = (fn: PromqlFunction, since: string): PromqlFunction => ({ ...fn, since });

const ofVector =
  'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_count histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp';
const ofRange =
  'absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time';
const ofTime = 'day_of_month day_of_week day_of_year days_in_month hour minute month year';

/** Every function of Prometheus 3. Source: prometheus.io/docs/prometheus/latest/querying/functions and the changelog. */
export const promqlFunctions: ReadonlyMap<string, PromqlFunction> = new Map<string, PromqlFunction>([
  ...each(ofVector, one('vector')),
  ...each(ofRange, one('range')),
  ...each(ofTime, time),
  ['clamp', { takes: ['vector', 'scalar', 'scalar'], gives: 'vector' }],
  ['clamp_max', { takes: ['vector', 'scalar'], gives: 'vector' }],
  ['clamp_min', { takes: ['vector', 'scalar'], gives: 'vector' }],
  ['histogram_quantile', { takes: ['scalar', 'vector'], gives: 'vector' }],
  ['histogram_fraction', { takes: ['scalar', 'scalar', 'vector'], gives: 'vector' }],
  ['label_join', { takes: ['vector', 'string', 'string', 'string'], optional: 'many', gives: 'vector' }],
  ['label_replace', { takes: ['vector', 'string', 'string', 'string', 'string'], gives: 'vector' }],
  ['pi', { takes: [], gives: 'scalar' }],
  ['predict_linear', { takes: ['range', 'scalar'], gives: 'vector' }],
  ['quantile_over_time', { takes: ['scalar', 'range'], gives: 'vector' }],
  ['round', { takes: ['vector', 'scalar'], optional: 1, gives: 'vector' }],
  ['scalar', one('vector', 'scalar')],
  ['time', { takes: [], gives: 'scalar' }],
  ['vector', one('scalar')],
  ...each('histogram_stddev histogram_stdvar', new3(one('vector'), '2.48')),
  ...each(
    'sort_by_label sort_by_label_desc',
    new3({ takes: ['vector', 'string'], optional: 'many', gives: 'vector' }, '2.49'),
  ),
  ['mad_over_time', new3(one('range'), '2.52')],
  ['histogram_avg', new3(one('vector'), '2.54')],
  ['double_exponential_smoothing', new3({ takes: ['range', 'scalar', 'scalar'], gives: 'vector' }, '3.0')],
  ['info', new3({ takes: ['vector', 'vector'], optional: 1, gives: 'vector' }, '3.0')],
  ...each('ts_of_max_over_time ts_of_min_over_time ts_of_last_over_time', new3(one('range'), '3.5')),
  ...each('first_over_time ts_of_first_over_time', new3(one('range'), '3.7')),
]);

/** Source: prometheus.io/docs/prometheus/latest/querying/operators, "Aggregation operators". */
export const aggregations: ReadonlyMap<string, { readonly parameter?: PromqlType; readonly since?: string }> = new Map<
  string,
  { readonly parameter?: PromqlType; readonly since?: string }
>([
  ...each('sum avg count group max min stddev stdvar', {}),
  ...each('topk bottomk quantile', { parameter: 'scalar' as const }),
  ['count_values', { parameter: 'string' }],
  ...each('limitk limit_ratio', { parameter: 'scalar' as const, since: '3.0' }),
]);

function each<T>(names: string, value: T): [string, T][] {
  return names.split(' ').map((name) => [name, value]);
}
