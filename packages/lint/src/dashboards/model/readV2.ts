import { entriesOf, entryAt, itemsOf, nodeAt, textAt, type YamlNode } from '../../yaml/node.ts';
import type { Annotation, Dashboard, DataSource, Panel, Query, Row, Variable } from './dashboard.ts';
import { dataSourceOf, queryOf, writtenAt } from './readV1.ts';

type V2 = Pick<Dashboard, 'panels' | 'rows' | 'variables' | 'annotations' | 'links'>;

/**
 * What a specification of form v2 holds. Source: the types of `dashboardv2` in @grafana/grafana-foundation-sdk 0.0.21; v2alpha1
 * has the type of a data source or panel as `kind`, v2beta1 and v2 have it as `group`.
 */
export function readV2(spec: YamlNode): V2 {
  const rows: Row[] = [];
  const collapsed = new Set<string>();
  walkLayout(nodeAt(spec, 'layout'), { isCollapsed: false, depth: 0 }, rows, collapsed);
  return {
    panels: entriesOf(nodeAt(spec, 'elements')).map(({ key, value }) => panelOf(value, !collapsed.has(key))),
    rows,
    variables: itemsOf(nodeAt(spec, 'variables')).map(variableOf),
    annotations: itemsOf(nodeAt(spec, 'annotations')).map(annotationOf),
    links: itemsOf(nodeAt(spec, 'links')),
  };
}

interface Inside {
  readonly isCollapsed: boolean;
  readonly depth: number;
}

/** Grids hold elements; rows and tabs hold layouts. The depth is that of the file, which is bounded. */
function walkLayout(layout: YamlNode | undefined, inside: Inside, rows: Row[], collapsed: Set<string>): void {
  const spec = nodeAt(layout, 'spec');
  for (const item of itemsOf(nodeAt(spec, 'items'))) {
    const name = textAt(item, 'spec', 'element', 'name');
    if (name !== undefined && inside.isCollapsed) collapsed.add(name);
  }
  for (const row of itemsOf(nodeAt(spec, 'rows'))) {
    rows.push({ title: textAt(row, 'spec', 'title') ?? '', at: row.at, isInRow: inside.depth > 0 });
    const isCollapsed = inside.isCollapsed || textAt(row, 'spec', 'collapse') === 'true';
    walkLayout(nodeAt(row, 'spec', 'layout'), { isCollapsed, depth: inside.depth + 1 }, rows, collapsed);
  }
  for (const tab of itemsOf(nodeAt(spec, 'tabs'))) walkLayout(nodeAt(tab, 'spec', 'layout'), inside, rows, collapsed);
}

function panelOf(element: YamlNode, isOpen: boolean): Panel {
  const spec = nodeAt(element, 'spec');
  const viz = nodeAt(spec, 'vizConfig');
  const id = nodeAt(spec, 'id');
  return {
    node: element,
    at: element.at,
    id: id === undefined ? undefined : { value: id.kind === 'scalar' ? id.value : {}, at: id.at },
    title: textAt(spec, 'title') ?? '',
    description: textAt(spec, 'description') ?? '',
    type: typeOf(viz, 'VizConfig') ?? '',
    datasource: undefined,
    queries: itemsOf(nodeAt(spec, 'data', 'spec', 'queries')).map(panelQuery),
    options: nodeAt(viz, 'spec', 'options'),
    fieldConfig: nodeAt(viz, 'spec', 'fieldConfig'),
    links: itemsOf(nodeAt(spec, 'links')),
    grid: undefined,
    isOpen,
    library: textAt(element, 'kind') === 'LibraryPanel' ? element.at : undefined,
    version: {
      text: textAt(viz, 'version') ?? textAt(viz, 'spec', 'pluginVersion') ?? '',
      at: entryAt(viz, 'version')?.keyAt ?? viz?.at ?? element.at,
    },
  };
}

/** The type of a data source or of a panel. */
function typeOf(node: YamlNode | undefined, plain: string): string | undefined {
  const kind = textAt(node, 'kind');
  return textAt(node, 'group') ?? (kind === plain ? undefined : kind);
}

function sourceOf(query: YamlNode | undefined, outer: YamlNode | undefined): DataSource | undefined {
  const named = dataSourceOf(nodeAt(query, 'datasource')) ?? dataSourceOf(nodeAt(outer, 'datasource'));
  const type = typeOf(query, 'DataQuery');
  if (named === undefined && type === undefined) return undefined;
  return { type: named?.type ?? type, uid: named?.uid, at: named?.at ?? query?.at ?? { line: 1, column: 1 } };
}

function panelQuery(node: YamlNode, index: number): Query {
  const spec = nodeAt(node, 'spec') ?? node;
  const query = nodeAt(spec, 'query');
  return { ...queryOf(spec, index + 1, nodeAt(query, 'spec') ?? spec), datasource: sourceOf(query, spec) };
}

/** `QueryVariable` to `query`. */
function variableOf(node: YamlNode): Variable {
  const spec = nodeAt(node, 'spec');
  const query = nodeAt(spec, 'query');
  const current = nodeAt(spec, 'current', 'value');
  const type = (textAt(node, 'kind') ?? '').replace(/Variable$/, '').toLowerCase();
  return {
    node: spec ?? node,
    at: node.at,
    type: type === 'text' ? 'textbox' : type,
    name: textAt(spec, 'name') ?? '',
    query: writtenAt(spec, 'pluginId') ?? writtenAt(query, 'spec', 'query') ?? writtenAt(spec, 'query'),
    datasource: type === 'query' ? sourceOf(query, spec) : undefined,
    isRefreshed: textAt(spec, 'refresh') === 'onTimeRangeChanged',
    current: textAt(current) ?? textAt(itemsOf(current)[0]),
    isMulti: textAt(spec, 'multi') === 'true',
  };
}

function annotationOf(node: YamlNode): Annotation {
  const spec = nodeAt(node, 'spec');
  const query = nodeAt(spec, 'query');
  return {
    name: textAt(spec, 'name') ?? '',
    at: node.at,
    datasource: sourceOf(query, spec),
    query: writtenAt(query, 'spec', 'expr') ?? writtenAt(query, 'spec', 'query'),
    isBuiltIn: textAt(spec, 'builtIn') === 'true',
  };
}
