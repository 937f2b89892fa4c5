import type { Matcher } from '../../promql/expression.ts';
import { labelsOf } from '../../promql/labelsOf.ts';
import { quoted } from '../model/dashboard.ts';
import { languageOf, typeOf, variableNamed } from '../queries/language.ts';
import type { ReadQuery } from '../queries/readQueries.ts';
import { askingPanels, type DashboardRule, type Problem } from '../rule.ts';
import { targetSelectors } from './templates.ts';

const inQuery = (read: ReadQuery, offset: number, message: string, fix?: string): Problem => ({
  ...read,
  at: read.written.at,
  offset,
  message,
  ...(fix === undefined ? {} : { fix }),
});

const promql: DashboardRule = {
  id: 'target-promql',
  severity: 'error',
  reason: 'Prometheus refuses a query that it cannot read, and the panel shows an error.',
  fix: 'Correct the query.',
  *find({ queries }) {
    for (const read of queries) {
      if (read.language !== 'promql' || read.variable !== undefined) continue;
      for (const { message, from } of read.errors) yield inQuery(read, from, `The query cannot be read: ${message}`);
    }
  },
};

const logql: DashboardRule = {
  id: 'target-logql',
  severity: 'error',
  reason: 'Loki refuses a query that it cannot read, and the panel shows an error.',
  fix: 'Correct the query.',
  *find({ queries }) {
    for (const read of queries) {
      if (read.language !== 'logql') continue;
      for (const { message, from } of read.errors) yield inQuery(read, from, `The query cannot be read: ${message}`);
    }
  },
};

const logqlAuto: DashboardRule = {
  id: 'target-logql-auto',
  severity: 'error',
  reason: 'A fixed range counts lines twice, or leaves some out, as soon as the time shown changes.',
  fix: 'Write [$__auto].',
  *find({ queries }) {
    for (const read of queries) {
      for (const { from } of read.ranges) {
        const range = inBrackets(read, from);
        if (!/\$\{?__auto\b/.test(range)) yield inQuery(read, from, `The query has the range [${range}].`);
      }
    }
  },
};

/** What is written in the brackets that an offset is in. */
function inBrackets({ written: { text } }: ReadQuery, offset: number): string {
  return text.slice(text.lastIndexOf('[', offset) + 1).split(']')[0] ?? '';
}

/** A variable, and the unit behind it. Behind a colon is the step of a subquery. */
const rangeForm = /^(?:\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\]|\$(\w+))(s|ms)?(?=\s*(?::|$))/;

const rateInterval: DashboardRule = {
  id: 'target-rate-interval',
  severity: 'error',
  reason: 'With a fixed range, a rate misses what happens between two points, or has too few points to be one.',
  fix: 'Write [$__rate_interval], or [$__range] for one figure of the time shown.',
  *find({ dashboard, queries }) {
    const chosen = new Set(dashboard.variables.filter(({ type }) => type === 'interval').map(({ name }) => name));
    for (const read of queries) {
      if (read.panel === undefined) continue;
      for (const { expression } of read.parts) {
        if (
          expression.kind !== 'call' ||
          !/^(rate|irate|increase|resets|changes|delta|idelta|deriv)$/.test(expression.name)
        )
          continue;
        const [range] = expression.operands;
        if (range?.kind !== 'range' && range?.kind !== 'subquery') continue;
        const { original } = read.replaced;
        const end = read.written.text.indexOf(']', original(range.to - 1) - 1);
        const written = inBrackets(read, end < 0 ? original(range.to - 1) : end);
        const [, braced, doubled, plain, after] = rangeForm.exec(written) ?? [];
        const name = braced ?? doubled ?? plain ?? '';
        // Those are numbers: without a unit, Prometheus 2 refuses them, and 3 takes milliseconds for seconds.
        const unit = { __range_s: 's', __range_ms: 'ms' }[name];
        if (/^__(rate_interval|range)$/.test(name) || (unit !== undefined && unit === after) || chosen.has(name))
          continue;
        yield inQuery(read, original(range.from), `${expression.name}() is over [${written}].`);
      }
    }
  },
};

/** `=~` and one variable: with `=` All and several values match nothing, and what else is in the pattern is shown, too. */
function isChoice(read: ReadQuery, matcher: Matcher): boolean {
  const value = /=~\s*(["'`])(.*)\1\s*$/s.exec(writtenAt(read, matcher))?.[2];
  return matcher.operator === '=~' && value !== undefined && variableNamed(value) !== undefined;
}

function writtenAt({ written, replaced }: ReadQuery, { from, to }: Matcher): string {
  return written.text.slice(replaced.original(from), replaced.original(to));
}

function without(read: ReadQuery, label: string, matcher: Matcher | undefined): string {
  if (matcher === undefined) return `no matcher for ${label}`;
  if (read.replaced.variableIn(matcher.from, matcher.to) === undefined)
    return `a fixed ${label}: ${quoted(matcher.value)}`;
  return `a matcher that is not =~ and the variable alone: ${quoted(writtenAt(read, matcher))}`;
}

function follows(label: 'job' | 'instance'): DashboardRule {
  return {
    id: `target-${label}`,
    severity: 'error',
    reason:
      label === 'job'
        ? 'A query that does not follow the chosen job shows other services.'
        : 'A query that does not follow the chosen instance shows other processes.',
    fix: `Add the matcher ${label}=~"$${label}".`,
    *find(view) {
      for (const [read, selector] of targetSelectors(view, label)) {
        const matchers = selector.matchers.filter((each) => each.label === label);
        if (matchers.some((each) => isChoice(read, each))) continue;
        const [matcher] = matchers;
        const from = read.replaced.original((matcher ?? selector).from);
        const name = selector.name ?? 'the selector';
        yield inQuery(read, from, `${name} has ${without(read, label, matcher)}.`);
      }
    },
  };
}

/** Of series that are not known, the name states what they are. */
const counterAgg: DashboardRule = {
  id: 'target-counter-agg',
  severity: 'error',
  reason: 'The value of a counter is its age; only its increase means something.',
  fix: 'Write rate(…[$__rate_interval]) around it, or increase().',
  *find({ queries, run }) {
    for (const read of queries) {
      if (read.panel === undefined) continue;
      for (const { expression, inside } of read.parts) {
        if (expression.kind !== 'selector' || !expression.name?.endsWith('_total')) continue;
        if (run.catalogue.find(expression.name) !== undefined) continue;
        const isCounted = inside.some(
          (each) =>
            (each.kind === 'call' && /^(rate|irate|increase|resets|changes|absent|timestamp)/.test(each.name)) ||
            (each.kind === 'aggregation' && /^(count|group)$/.test(each.operator)),
        );
        if (isCounted) continue;
        const message = `${expression.name} is a counter by its name, and is outside rate() and increase().`;
        yield inQuery(read, read.replaced.original(expression.from), message);
      }
    }
  },
};

const empty: DashboardRule = {
  id: 'target-empty',
  severity: 'error',
  reason: 'A query without a text asks nothing, and the panel is empty.',
  fix: 'Write the query, or remove it.',
  *find({ dashboard }) {
    for (const panel of askingPanels(dashboard)) {
      for (const query of panel.queries) {
        const source = query.datasource ?? panel.datasource;
        const type = typeOf(source, dashboard.variables) ?? 'prometheus';
        if (!/prometheus|loki/.test(type) || (query.text?.text ?? '').trim() !== '') continue;
        yield { panel, query, at: query.at, message: 'The query is empty.' };
      }
    }
  },
};

const unread: DashboardRule = {
  id: 'target-unread',
  severity: 'warning',
  reason:
    'Nothing is known of a query in a language that is not read here: neither that it is right nor that it is wrong.',
  fix: 'Check the query by hand, and exclude this finding with the reason.',
  *find({ dashboard }) {
    const { variables } = dashboard;
    for (const panel of askingPanels(dashboard)) {
      for (const query of panel.queries) {
        const source = query.datasource ?? panel.datasource;
        if (languageOf(source, variables, query.text) !== 'other') continue;
        const type = typeOf(source, variables) ?? '';
        yield { panel, query, at: query.at, message: `Queries of ${quoted(type)} are not read.` };
      }
    }
  },
};

const seriesVariable: DashboardRule = {
  id: 'series-variable',
  severity: 'warning',
  reason: 'Of a series whose name a variable makes, nothing shows that it exists, nor what it is.',
  fix: 'Write the names out, each in a query of its own.',
  *find({ queries }) {
    for (const read of queries) {
      for (const { expression } of read.parts) {
        if (expression.kind !== 'selector' || expression.name === undefined) continue;
        // Only where the name is: in the other matchers, variables are as they should be.
        const { from, to } = expression.nameAt ?? expression;
        const variable = read.replaced.variableIn(from, to);
        if (variable === undefined) continue;
        yield inQuery(read, read.replaced.original(from), `The variable ${variable} makes the name of a series.`);
      }
    }
  },
};

const legendLabel: DashboardRule = {
  id: 'legend-label',
  severity: 'error',
  reason: 'A label that the query does not keep is empty in every legend, and lines have the same name.',
  fix: 'Keep the label in the grouping, or show one that is kept.',
  *find({ queries, run }) {
    for (const read of queries) {
      const legend = read.query?.legend;
      if (legend === undefined || read.expression === undefined) continue;
      const { names, isOpen } = labelsOf(read.expression, run.catalogue);
      if (isOpen) continue;
      for (const [whole, label = ''] of legend.text.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)) {
        if (names.has(label) || label === '__name__' || label.includes('.')) continue;
        const fix = `Keep ${label} in the grouping, or show one of ${[...names].sort().join(', ') || 'no label'}.`;
        const offset = legend.text.indexOf(whole);
        const message = `The legend shows the label ${label}, which the query does not keep.`;
        yield { ...read, at: legend.at, offset, message, fix };
      }
    }
  },
};

export const targetRules: readonly DashboardRule[] = [
  promql,
  logql,
  logqlAuto,
  rateInterval,
  follows('job'),
  follows('instance'),
  counterAgg,
  empty,
  unread,
  seriesVariable,
  legendLabel,
];
