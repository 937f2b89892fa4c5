import { queryRules } from '../../promql/queryProblems.ts';
import type { DashboardRule, Problem, View } from '../rule.ts';

type QueryRule = (typeof queryRules)[number]['id'];

const fixes: Readonly<Record<QueryRule, string>> = {
  'promql-type': 'Correct the operand.',
  'promql-version': 'Write it with what Prometheus 2.42 has.',
  'series-unknown': 'Write the nearest name that the finding states, or add the series to foreign-series.json.',
  'label-unknown': 'Use a label that the series has; the finding lists them.',
  'label-value-unknown': 'Write one of the values of the registry.',
  'counter-without-rate': 'Write rate(…[$__rate_interval]) around it, or increase().',
  'rate-of-gauge': 'Use deriv(), delta() or the value itself.',
  'quantile-without-le': 'Add le to the grouping, and ask for the series with _bucket.',
  'quantile-range': 'Write a share from 0 to 1: 0.9 for the 90th percentile.',
  'match-impossible': 'Match with on (…) by labels that both sides have.',
};

/** Where the reason of rule files does not hold for a panel. */
const reasons: Partial<Readonly<Record<QueryRule, string>>> = {
  'promql-version': 'Prometheus 2.42, which many still run, refuses a query with a function that it does not have.',
  'series-unknown': 'A query of a series that no program serves is empty for ever.',
};

/** The rules that rule files and dashboards share. */
const shared = queryRules.map(({ id, reason }): DashboardRule => {
  return { id, severity: 'error', reason: reasons[id] ?? reason, fix: fixes[id], find: (view) => problemsOf(id, view) };
});

function* problemsOf(id: QueryRule, { queries }: View): Iterable<Problem> {
  for (const read of queries) {
    const at = read.written.at;
    for (const { rule, message, fix, from } of read.problems) {
      if (rule !== id) continue;
      // Its own fix shows a fixed range, which a panel should not have.
      yield { ...read, at, offset: from, message, ...(id === 'counter-without-rate' ? {} : { fix }) };
    }
  }
}

const nativeBucket: DashboardRule = {
  id: 'native-histogram-bucket',
  severity: 'error',
  reason: 'A native histogram is one series: names with _bucket, _sum and _count do not exist.',
  fix: 'Ask for the series itself: histogram_quantile(0.9, sum(rate(x[$__rate_interval]))), histogram_sum(), histogram_count().',
  *find({ queries, run }) {
    for (const read of queries) {
      for (const { expression } of read.parts) {
        if (expression.kind !== 'selector') continue;
        const base = expression.name?.replace(/_(bucket|sum|count)$/, '') ?? '';
        if (base === expression.name || !run.catalogue.find(base)?.isNative) continue;
        const offset = read.replaced.original(expression.from);
        yield { ...read, at: read.written.at, offset, message: `${base} is a native histogram.` };
      }
    }
  },
};

/** Labels with a value for each request, frame or person: thousands of lines in one panel. */
const idLabels =
  /^((trace|span|request|correlation|session|message|user|client|customer|account|order|transaction|frame|clause|thread)_?id|id|uuid|uid|pod_uid|container_id|email|ip|remote_addr|client_address|url_full|url|path|query|db_statement|db_query_text)$/;

const highCardinality: DashboardRule = {
  id: 'grouping-by-id',
  severity: 'error',
  reason: 'A grouping by the number of a request or a person draws thousands of lines, and stops the browser.',
  fix: 'Group by a label with few values, or take topk().',
  *find({ queries }) {
    for (const read of queries) {
      if (read.panel === undefined) continue;
      for (const { expression, inside } of read.parts) {
        if (expression.kind !== 'aggregation' || !expression.grouping?.keeps) continue;
        const isCut = inside.some(
          (each) => each.kind === 'aggregation' && !each.grouping?.labels.some(({ name }) => idLabels.test(name)),
        );
        if (isCut) continue;
        for (const { name, from } of expression.grouping.labels) {
          if (!idLabels.test(name)) continue;
          const offset = read.replaced.original(from);
          yield { ...read, at: read.written.at, offset, message: `The query makes a line for each ${name}.` };
        }
      }
    }
  },
};

export const queryRulesOfDashboards: readonly DashboardRule[] = [...shared, nativeBucket, highCardinality];
