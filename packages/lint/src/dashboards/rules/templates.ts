import { type Selector, selectorsIn } from '../../promql/expression.ts';
import { entriesOf, entryAt, nodesBelow, textAt, type YamlNode } from '../../yaml/node.ts';
import type { Dashboard, DataSource } from '../model/dashboard.ts';
import { quoted } from '../model/dashboard.ts';
import { typeOf, variableNamed } from '../queries/language.ts';
import type { ReadQuery } from '../queries/readQueries.ts';
import { variableForm } from '../queries/replaced.ts';
import type { DashboardRule, View } from '../rule.ts';

/** Selectors of panels that have a label of every target, job or instance. */
export function targetSelectors({ queries, run }: View, label: string): readonly [ReadQuery, Selector][] {
  return queries.flatMap((read) => {
    if (read.panel === undefined) return [];
    return selectorsIn(read.parts).flatMap((selector): [ReadQuery, Selector][] => {
      const known = run.catalogue.find(selector.name ?? '');
      // A recording rule, known or by its name, has the labels that it keeps.
      const isRecorded = known?.isRecorded ?? (selector.name ?? '').includes(':');
      if (/^ALERTS/.test(selector.name ?? '') || (isRecorded && !known?.labels.has(label))) return [];
      return [[read, selector]];
    });
  });
}

const datasource: DashboardRule = {
  id: 'template-datasource',
  severity: 'error',
  reason: 'Without a variable for the data source, a dashboard works in the one installation that it was made in.',
  fix: 'Add a variable of the type datasource, and use it everywhere.',
  *find({ dashboard, queries }) {
    const has = (type: string) =>
      dashboard.variables.some((each) => each.type === 'datasource' && each.query?.text === type);
    for (const [language, type] of [
      ['promql', 'prometheus'],
      ['logql', 'loki'],
    ] as const) {
      if (!queries.some((each) => each.language === language) || has(type)) continue;
      yield {
        at: dashboard.spec.at,
        message: `The dashboard asks ${type}, and has no variable of the type datasource for it.`,
      };
    }
  },
};

function labelVariable(label: 'job' | 'instance'): DashboardRule {
  return {
    id: `template-${label}`,
    severity: 'error',
    reason:
      label === 'job'
        ? 'Without a choice of the job, figures of several services are added up.'
        : 'Without a choice of the instance, one process hides among the others.',
    fix: `Add a variable ${label} with the query label_values(SERIES, ${label}).`,
    *find(view) {
      if (targetSelectors(view, label).length === 0) return;
      if (view.queries.some((each) => each.variable !== undefined && each.label === label)) return;
      if (view.dashboard.variables.some(({ name }) => name === label)) return;
      yield { at: view.dashboard.spec.at, message: `The dashboard has no variable over the label ${label}.` };
    },
  };
}

const labelPromql: DashboardRule = {
  id: 'template-label-promql',
  severity: 'error',
  reason: 'A variable whose query cannot be read has no values, and every query with it is empty.',
  fix: 'Write label_values(SERIES, LABEL), label_names(), metrics(PATTERN) or query_result(EXPRESSION).',
  *find({ queries }) {
    for (const { variable, errors, written } of queries) {
      if (variable === undefined) continue;
      for (const { message, from } of errors) yield { variable, at: written.at, offset: from, message };
    }
  },
};

const reload: DashboardRule = {
  id: 'template-on-time-change-reload',
  severity: 'error',
  reason: 'A variable that is read once keeps out what appeared later, and shows what is gone.',
  fix: 'Set refresh to 2, on time range change; in form v2 onTimeRangeChanged.',
  *find({ dashboard: { variables } }) {
    for (const variable of variables) {
      if (variable.type !== 'query' || variable.isRefreshed) continue;
      const at = entryAt(variable.node, 'refresh')?.keyAt ?? variable.at;
      yield { variable, at, message: 'The variable is not read again when the time range changes.' };
    }
  },
};

const uneditable: DashboardRule = {
  id: 'uneditable',
  severity: 'error',
  reason: 'What is changed in the browser is lost when the file is read again.',
  fix: 'Set editable to false.',
  *find({ dashboard: { spec } }) {
    if (textAt(spec, 'editable') === 'false') return;
    yield { at: entryAt(spec, 'editable')?.keyAt ?? spec.at, message: 'The dashboard is editable.' };
  },
};

/** Whether it is a variable of the dashboard that chooses a data source, or one of Grafana itself. */
export function isTemplated(source: DataSource | undefined, { variables }: Dashboard): boolean {
  if (source?.uid === undefined) return false;
  if (/^(-- (Grafana|Mixed|Dashboard) --|grafana|__expr__)$/.test(source.uid) || source.type === '__expr__')
    return true;
  const name = variableNamed(source.uid);
  const variable = variables.find((each) => each.name === name);
  // A variable that chooses another type of data source asks the wrong program.
  const isOfType = source.type === undefined || typeOf({ ...source, type: undefined }, variables) === source.type;
  return variable?.type === 'datasource' && isOfType;
}

export function sourceText(source: DataSource | undefined): string {
  return source === undefined ? 'no data source' : `the data source ${quoted(source.uid ?? source.type ?? '')}`;
}

const variableDatasource: DashboardRule = {
  id: 'variable-datasource',
  severity: 'error',
  reason: 'A variable that asks a data source of its own lists values of another installation than the panels show.',
  fix: 'Use the variable of the type datasource.',
  *find({ dashboard }) {
    for (const variable of dashboard.variables) {
      const { datasource: source, type, at } = variable;
      if (!/^(query|adhoc|groupby)$/.test(type) || isTemplated(source, dashboard)) continue;
      yield { variable, at: source?.at ?? at, message: `The variable has ${sourceText(source)}.` };
    }
  },
};

const annotationDatasource: DashboardRule = {
  id: 'annotation-datasource',
  severity: 'error',
  reason: 'An annotation that asks a data source of its own marks events of another installation.',
  fix: 'Use the variable of the type datasource.',
  *find({ dashboard }) {
    for (const annotation of dashboard.annotations) {
      const { datasource: source, at, isBuiltIn } = annotation;
      if (isBuiltIn || isTemplated(source, dashboard)) continue;
      yield { annotation, at: source?.at ?? at, message: `The annotation has ${sourceText(source)}.` };
    }
  },
};

const annotationBuiltIn: DashboardRule = {
  id: 'annotation-built-in',
  severity: 'warning',
  reason: 'Without the annotation of Grafana itself, notes that people make on the time line are not shown.',
  fix: 'Add the annotation with builtIn 1 of the data source -- Grafana --.',
  *find({ dashboard: { annotations, spec } }) {
    if (annotations.some(({ isBuiltIn }) => isBuiltIn)) return;
    const at = entryAt(spec, 'annotations')?.keyAt ?? spec.at;
    yield { at, message: 'The dashboard has no annotation of Grafana itself.' };
  },
};

const undefinedVariable: DashboardRule = {
  id: 'variable-undefined',
  severity: 'error',
  reason: 'Grafana asks with the name of a variable that does not exist as it is written, and nothing matches.',
  fix: 'Add the variable, or correct its name.',
  *find({ dashboard, queries }) {
    const known = new Set(dashboard.variables.map(({ name }) => name));
    for (const read of queries) {
      for (const name of read.replaced.names.filter((each) => !known.has(each))) {
        const offset = Math.max(0, read.written.text.search(new RegExp(`(\\$\\{?|\\[\\[)${name}\\b`)));
        yield { ...read, at: read.written.at, offset, message: `The dashboard has no variable ${name}.` };
      }
    }
    for (const panel of dashboard.panels) {
      for (const source of [panel.datasource, ...panel.queries.map((query) => query.datasource)]) {
        const name = variableNamed(source?.uid ?? '');
        if (source === undefined || name === undefined || known.has(name)) continue;
        yield { panel, at: source.at, message: `The dashboard has no variable ${name}.` };
      }
    }
  },
};

const unusedVariable: DashboardRule = {
  id: 'variable-unused',
  severity: 'warning',
  reason: 'A choice that changes nothing misleads whoever makes it.',
  fix: 'Use the variable in a query, or remove it.',
  *find({ dashboard }) {
    const { variables, spec } = dashboard;
    const used = namesUsed(spec);
    for (const variable of variables) {
      if (!/^(query|custom|interval|textbox)$/.test(variable.type) || used.has(variable.name)) continue;
      yield { variable, at: variable.at, message: 'Nothing uses the variable.' };
    }
  },
};

/** Names of variables in all texts, but not where a variable names itself. */
function namesUsed(spec: YamlNode): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodesBelow(spec)) {
    if (node.kind === 'map') {
      for (const { key, value } of entriesOf(node)) if (key === 'repeat') names.add(textAt(value) ?? '');
    }
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || !/[$[]/.test(node.value)) continue;
    for (const match of node.value.matchAll(variableForm)) names.add(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return names;
}

export const templateRules: readonly DashboardRule[] = [
  datasource,
  labelVariable('job'),
  labelVariable('instance'),
  labelPromql,
  reload,
  uneditable,
  variableDatasource,
  annotationDatasource,
  annotationBuiltIn,
  undefinedVariable,
  unusedVariable,
];
