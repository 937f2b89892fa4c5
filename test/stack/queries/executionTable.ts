import type { NamedQuery } from '../../../monitoring/src/queries.ts';
import { placeOf, queriesHash, type RuleQuery } from './places.ts';

/** What was executed, for people: a row for each dashboard and one for the rules, and what could not be executed. */
export function executionTable(
  queries: readonly NamedQuery[],
  rules: readonly RuleQuery[],
  returned: ReadonlyMap<NamedQuery, number>,
): readonly string[] {
  const names = [...new Set(queries.map(({ dashboard }) => dashboard))].sort();
  const rows = names.map((name) => {
    const own = queries.filter(({ dashboard, language }) => dashboard === name && language === 'promql');
    const ofPanels = own.filter(({ place }) => 'panel' in place);
    const panels = new Set(ofPanels.map(({ place }) => ('panel' in place ? place.panel : undefined)));
    const series = ofPanels.reduce((sum, query) => sum + (returned.get(query) ?? 0), 0);
    return `| ${name} | ${panels.size} | ${ofPanels.length} | ${own.length - ofPanels.length} | ${series} |`;
  });
  const records = rules.filter(({ kind }) => kind === 'record').length;
  const logs = queries.filter(({ language }) => language === 'logql').map(placeOf);
  return [
    fingerprint(queries, rules),
    '',
    '| dashboard | panels | queries of panels | of variables and annotations | series over an hour |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `Recording rules: ${records}. Alert rules: ${rules.length - records}.`,
    `Not executed, only parsed, because no Loki is among the servers of the tests: ${logs.join('; ') || 'none'}.`,
  ];
}

/** States which queries the table is of: a unit test compares it with the queries of today. */
export function fingerprint(queries: readonly NamedQuery[], rules: readonly RuleQuery[]): string {
  return `Executed: ${queries.length} queries and ${rules.length} rules with the fingerprint \`${queriesHash(queries, rules)}\`.`;
}
