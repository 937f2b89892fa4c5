import { type Expression, type Part, walk } from '../../promql/expression.ts';
import { parsePromql } from '../../promql/parsePromql.ts';
import { type QueryProblem, queryProblems } from '../../promql/queryProblems.ts';
import type { SeriesCatalogue } from '../../promql/seriesCatalogue.ts';
import type { Annotation, Dashboard, Panel, Query, Variable, Written } from '../model/dashboard.ts';
import { languageOf } from './language.ts';
import { type LogqlProblem, readLogql } from './logql.ts';
import { type Replaced, replaced } from './replaced.ts';
import { variableQuery } from './variableQuery.ts';

/** Where a query stands: in a panel, in a variable, in an annotation. */
export interface QueryPlace {
  readonly panel?: Panel;
  readonly query?: Query;
  readonly variable?: Variable;
  readonly annotation?: Annotation;
}

/** A query that was read, with what its grammar and the catalogue of series have against it. */
export interface ReadQuery extends QueryPlace {
  readonly language: 'promql' | 'logql' | 'none' | 'other';
  readonly written: Written;
  readonly replaced: Replaced;
  /** Of PromQL that can be read. */
  readonly expression?: Expression;
  /** That expression and all below it. Empty where there is none. */
  readonly parts: readonly Part[];
  /** What its grammar refuses. Offsets are those of `written`, as in all that follows. */
  readonly errors: readonly LogqlProblem[];
  readonly problems: readonly QueryProblem[];
  /** Ranges in brackets of LogQL. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
  /** Of a variable: the label whose values it lists. */
  readonly label?: string;
}

/** What queries are held against. */
export interface QueryRun {
  readonly catalogue: SeriesCatalogue;
  readonly hasForeign: boolean;
  readonly hasRules: boolean;
}

/** Without the lists of other programs and of rules, only a name that looks like ours is known to be wrong. */
function isOthers(name: string, { catalogue, hasForeign, hasRules }: QueryRun): boolean {
  return name.includes(':') ? !hasRules : !hasForeign && !catalogue.hasFamilyOf(name);
}

/** Every query of a dashboard. */
export function readQueries(dashboard: Dashboard, run: QueryRun): readonly ReadQuery[] {
  const { panels, variables, annotations } = dashboard;
  return [
    ...panels.flatMap((panel) =>
      panel.queries.flatMap((query) => {
        const language = languageOf(query.datasource ?? panel.datasource, variables, query.text);
        return query.text === undefined ? [] : read({ panel, query }, language, query.text, dashboard, run);
      }),
    ),
    ...variables.flatMap((variable) => {
      if (variable.type !== 'query' || variable.query === undefined) return [];
      const language = languageOf(variable.datasource, variables, variable.query);
      return read({ variable }, language, variable.query, dashboard, run);
    }),
    ...annotations.flatMap((annotation) => {
      if (annotation.query === undefined || annotation.isBuiltIn) return [];
      const language = languageOf(annotation.datasource, variables, annotation.query);
      return read({ annotation }, language, annotation.query, dashboard, run);
    }),
  ];
}

function read(
  place: QueryPlace,
  language: ReadQuery['language'],
  written: Written,
  { variables }: Dashboard,
  run: QueryRun,
): readonly ReadQuery[] {
  const whole = replaced(written.text, variables);
  const plain = { ...place, language, written, replaced: whole, parts: [], errors: [], problems: [], ranges: [] };
  if (language === 'logql' && place.variable === undefined) {
    const { problems, ranges } = readLogql(whole.text);
    const back = <At extends { from: number; to: number }>(at: At): At => {
      return { ...at, from: whole.original(at.from), to: whole.original(at.to) };
    };
    return [{ ...plain, errors: problems.map(back), ranges: ranges.map(back) }];
  }
  if (language !== 'promql') return [plain];
  if (place.variable === undefined) return [{ ...plain, ...ofPromql(whole, 0, run, false) }];
  const inner = variableQuery(whole.text);
  if ('error' in inner) return [{ ...plain, errors: [{ message: inner.error, from: 0, to: written.text.length }] }];
  const named = inner.label === undefined ? {} : { label: inner.label };
  if (inner.text === undefined) return [{ ...plain, ...named }];
  const part = { ...whole, text: inner.text };
  return [{ ...plain, ...named, ...ofPromql(part, inner.from, run, inner.isSelection, inner.label) }];
}

/** Reads a text that begins at an offset of the query in which variables are replaced. */
function ofPromql(
  { text, original, variableIn }: Replaced,
  start: number,
  run: QueryRun,
  /** `label_values(…)`: which series there are counts, and not their values. */
  isSelection: boolean,
  label?: string,
): Pick<ReadQuery, 'errors' | 'parts' | 'problems'> & { readonly expression?: Expression } {
  const parsed = parsePromql(text);
  if ('error' in parsed) {
    const { message, from, to } = parsed.error;
    return { errors: [{ message, from: original(from + start), to: original(to + start) }], parts: [], problems: [] };
  }
  const { expression } = parsed;
  const isMeant = ({ rule, from, to }: QueryProblem) => {
    if (isSelection && rule === 'counter-without-rate') return false;
    // What a variable stands for is not known here.
    if (!/^(series|label|label-value)-unknown$/.test(rule)) return true;
    return variableIn(from + start, to + start) === undefined;
  };
  const { catalogue } = run;
  const problems = [
    ...queryProblems(expression, catalogue, { isOthers: (name) => isOthers(name, run) }),
    ...ofLabel(expression, label, catalogue),
  ];
  const placed = start === 0 ? expression : moved(expression, start);
  return {
    expression: placed,
    parts: walk(placed),
    errors: [],
    problems: problems.filter(isMeant).map((problem) => ({
      ...problem,
      from: original(problem.from + start),
      to: original(problem.to + start),
    })),
  };
}

/** The label of `label_values(series, label)`. */
function ofLabel(expression: Expression, label: string | undefined, catalogue: SeriesCatalogue): QueryProblem[] {
  if (label === undefined || expression.kind !== 'selector') return [];
  const known = catalogue.find(expression.name ?? '');
  if (known === undefined || known.isOpen || known.labels.has(label)) return [];
  if (!known.isRecorded && catalogue.targetLabels.has(label)) return [];
  const names = [...known.labels, ...(known.isRecorded ? [] : catalogue.targetLabels)].sort();
  const { from, to } = expression;
  const message = `There is no label ${label} on ${expression.name} of ${known.origin}.`;
  return [{ rule: 'label-unknown', message, fix: `Use one of ${names.join(', ')}.`, from, to }];
}

function moved(expression: Expression, by: number): Expression {
  const copy = structuredClone(expression);
  const shift = (at: { from: number; to: number }) => {
    at.from += by;
    at.to += by;
  };
  for (const { expression: each } of walk(copy)) {
    shift(each);
    if (each.kind === 'selector' && each.nameAt !== undefined) shift(each.nameAt);
  }
  return copy;
}
