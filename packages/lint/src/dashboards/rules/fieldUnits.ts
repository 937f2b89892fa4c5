import { entriesOf, itemsOf, nodeAt, textAt, type YamlNode } from '../../yaml/node.ts';
import type { Panel, Query } from '../model/dashboard.ts';
import type { ReadQuery } from '../queries/readQueries.ts';

/** The units in which a panel may show the values of one query: one, where the dashboard states which override is for it. */
export function shownUnits({ panel, query }: ReadQuery): readonly string[] {
  if (panel === undefined || query === undefined) return [];
  const overrides = itemsOf(nodeAt(panel.fieldConfig, 'overrides')).flatMap((override) => {
    const unit = unitIn(override);
    return unit === undefined ? [] : [{ unit, is: isFor(override, query, panel) }];
  });
  const own = textAt(panel.fieldConfig, 'defaults', 'unit') ?? '';
  // Later overrides win.
  const last = overrides.findLastIndex(({ is }) => is === 'yes');
  const start = last < 0 ? own : (overrides[last]?.unit ?? own);
  const possible = overrides.slice(last + 1).flatMap(({ unit, is }) => (is === 'maybe' ? [unit] : []));
  return [start, ...possible].filter((unit) => unit !== '');
}

function unitIn(override: YamlNode): string | undefined {
  const property = itemsOf(nodeAt(override, 'properties')).findLast((each) => textAt(each, 'id') === 'unit');
  return property === undefined ? undefined : textAt(property, 'value');
}

type Answer = 'yes' | 'no' | 'maybe';

/** Source: grafana.com/docs/grafana/latest/panels-visualizations/configure-overrides, "Field name matchers". */
function isFor(override: YamlNode, query: Query, panel: Panel): Answer {
  const wanted = textAt(override, 'matcher', 'options') ?? '';
  switch (textAt(override, 'matcher', 'id')) {
    case 'byFrameRefID':
      return wanted === query.refId ? 'yes' : 'no';
    case 'byName':
      return isNamed(wanted, query, panel);
    case 'byType':
      return /^(string|time|boolean)$/.test(wanted) ? 'no' : 'maybe';
    default:
      return 'maybe';
  }
}

function isNamed(wanted: string, query: Query, panel: Panel): Answer {
  const named = panel.queries.filter((each) => namesOf(each, panel).includes(wanted));
  if (named.length > 0) return named.includes(query) ? 'yes' : 'no';
  // A column of a label.
  if (renamedFrom(wanted, panel).some((name) => !/^Value\b/.test(name))) return 'no';
  return 'maybe';
}

/** Names that the values of a query certainly have: its legend, and those of the column of a table. */
function namesOf({ legend, refId }: Query, panel: Panel): readonly string[] {
  const columns = [
    ...(refId === undefined ? [] : [`Value #${refId}`]),
    ...(panel.queries.length === 1 ? ['Value'] : []),
    ...(legend === undefined || legend.text === '' || /\{\{|^__auto$|[$[]/.test(legend.text) ? [] : [legend.text]),
  ];
  return [...columns, ...renames(panel).flatMap(({ from, to }) => (columns.includes(from) ? [to] : []))];
}

function renamedFrom(name: string, panel: Panel): readonly string[] {
  return renames(panel).flatMap(({ from, to }) => (to === name ? [from] : []));
}

/** Source: grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/transform-data, "Organize fields by name". */
function renames({ node }: Panel): readonly { readonly from: string; readonly to: string }[] {
  const transformations = [
    ...itemsOf(nodeAt(node, 'transformations')),
    ...itemsOf(nodeAt(node, 'spec', 'data', 'spec', 'transformations')).flatMap((each) => nodeAt(each, 'spec') ?? []),
  ];
  return transformations.flatMap((each) => {
    const map = nodeAt(each, 'options', 'renameByName');
    return map === undefined
      ? []
      : entriesOf(map).flatMap(({ key, value }) => {
          const to = textAt(value);
          return to === undefined || to === '' ? [] : [{ from: key, to }];
        });
  });
}
