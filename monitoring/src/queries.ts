import { panelDefinitions } from './dashboardDefinition.ts';
import { definitions } from './dashboards.ts';
import { annotations } from './queries/annotations.ts';
import type { QueryShape } from './queries/queryShape.ts';

/** Where a query stands in a dashboard. */
type QueryPlace =
  | { readonly panel: number; readonly title: string }
  | { readonly variable: string }
  | { readonly annotation: string };

/** A query as Grafana sends it, apart from the values of variables, and what it returns. */
export interface NamedQuery {
  readonly dashboard: string;
  readonly place: QueryPlace;
  readonly refId: string;
  readonly language: 'promql' | 'logql';
  /** Of a variable: `label_values(SELECTOR, LABEL)`, which Grafana asks of the API of series. */
  readonly expr: string;
  readonly instant: boolean;
  readonly returns: QueryShape;
}

/** Every query of every dashboard, from the definitions that render its JSON. */
export function namedQueries(): readonly NamedQuery[] {
  return definitions.flatMap((definition): NamedQuery[] => {
    const dashboard = definition.name;
    const panels = panelDefinitions(definition).flatMap(({ id, title, queries, language, instant }) =>
      queries.map(({ expr, returns }, index): NamedQuery => {
        const refId = String.fromCharCode('A'.charCodeAt(0) + index);
        return { dashboard, place: { panel: id, title }, refId, language, expr, instant, returns };
      }),
    );
    const variables = definition.variables.flatMap(({ name, query }): NamedQuery[] =>
      query === undefined
        ? []
        : [{ dashboard, place: { variable: name }, refId: name, language: 'promql', instant: true, ...query }],
    );
    const marks = annotations(definition.variables).flatMap(({ name, query }): NamedQuery[] =>
      query === undefined
        ? []
        : [{ dashboard, place: { annotation: name }, refId: 'A', language: 'promql', instant: false, ...query }],
    );
    return [...panels, ...variables, ...marks];
  });
}
