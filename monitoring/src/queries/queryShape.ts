/** What a query returns on data in which every series of the registry is there: what the stack tests compare with. */
export interface QueryShape {
  /** How many series, with everything chosen in the variables: at least one, because the data has also what should not happen. */
  readonly series: number | { readonly min: number; readonly max: number };
  /** The label names of its series. One of them is absent where the label is: `benchlab_simulated` on real hardware. */
  readonly labels: readonly string[];
  /** The range of its values. */
  readonly min?: number;
  readonly max?: number;
}

/** PromQL, and the labels of what it returns. */
export interface Expression {
  readonly expr: string;
  readonly labels: readonly string[];
}

/** One query of a panel. */
export interface PanelQuery {
  readonly expr: string;
  readonly legend: string;
  readonly returns: QueryShape;
  /** Grafana also asks for exemplars: the points that lead to a trace. */
  readonly exemplar?: true;
}

/** What of the shape an expression cannot state itself. */
export interface Expected {
  readonly series?: QueryShape['series'];
  readonly min?: number;
  readonly max?: number;
  readonly exemplar?: true;
}

/** As many series as one dashboard may draw; more is a label that should not be there. */
const mostSeries = 500;

/** A query of a panel: `query(maxBy([attribute.hwId], selector(metric.hwHostPower)), '{{hw_id}}', { min: 0 })`. */
export function query({ expr, labels }: Expression, legend: string, expected: Expected = {}): PanelQuery {
  const { exemplar, series = labels.length === 0 ? 1 : { min: 1, max: mostSeries }, ...range } = expected;
  return { expr, legend, returns: { series, labels, ...range }, ...(exemplar === undefined ? {} : { exemplar }) };
}
