import { entryAt, itemsOf, nodeAt, textAt, type YamlNode } from '../../yaml/node.ts';
import type { Annotation, Dashboard, DataSource, Panel, Query, Row, Variable, Written } from './dashboard.ts';

type V1 = Pick<Dashboard, 'panels' | 'rows' | 'variables' | 'annotations' | 'links'>;

/** What a specification of form v1 holds: `panels`, `templating.list`, `annotations.list`. */
export function readV1(spec: YamlNode): V1 {
  const panels: Panel[] = [];
  const rows: Row[] = [];
  /** Since Grafana 5 rows are panels; before, panels were in `rows`. */
  const walk = (list: readonly YamlNode[], isOpen: boolean, depth: number) => {
    for (const node of list) {
      const isRow = textAt(node, 'type') === 'row' || (nodeAt(node, 'type') === undefined && has(node, 'panels'));
      if (!isRow) {
        panels.push(panelOf(node, isOpen));
        continue;
      }
      rows.push({ title: textAt(node, 'title') ?? '', at: node.at, isInRow: depth > 0 });
      const isCollapsed = textAt(node, 'collapsed') === 'true' || textAt(node, 'collapse') === 'true';
      walk(itemsOf(nodeAt(node, 'panels')), isOpen && !isCollapsed, depth + 1);
    }
  };
  walk(itemsOf(nodeAt(spec, 'panels')), true, 0);
  walk(itemsOf(nodeAt(spec, 'rows')), true, 0);
  return {
    panels,
    rows,
    variables: itemsOf(nodeAt(spec, 'templating', 'list')).map(variableOf),
    annotations: itemsOf(nodeAt(spec, 'annotations', 'list')).map(annotationOf),
    links: itemsOf(nodeAt(spec, 'links')),
  };
}

function has(node: YamlNode, key: string): boolean {
  return entryAt(node, key) !== undefined;
}

function panelOf(node: YamlNode, isOpen: boolean): Panel {
  const id = nodeAt(node, 'id');
  const datasource = dataSourceOf(nodeAt(node, 'datasource'));
  return {
    node,
    at: node.at,
    id: id === undefined ? undefined : { value: id.kind === 'scalar' ? id.value : {}, at: id.at },
    title: textAt(node, 'title') ?? '',
    description: textAt(node, 'description') ?? '',
    type: textAt(node, 'type') ?? '',
    datasource,
    queries: itemsOf(nodeAt(node, 'targets')).map((target, index) => queryOf(target, index + 1)),
    options: nodeAt(node, 'options'),
    fieldConfig: nodeAt(node, 'fieldConfig'),
    links: itemsOf(nodeAt(node, 'links')),
    grid: nodeAt(node, 'gridPos'),
    isOpen,
    library: entryAt(node, 'libraryPanel')?.keyAt,
    version: undefined,
  };
}

/** A query as v1 has it; v2 has the same keys below `spec`. */
export function queryOf(target: YamlNode, number: number, spec: YamlNode = target): Query {
  return {
    number,
    refId: textAt(target, 'refId'),
    text: writtenAt(spec, 'expr') ?? writtenAt(spec, 'query'),
    datasource: dataSourceOf(nodeAt(target, 'datasource')),
    legend: writtenAt(spec, 'legendFormat'),
    isInstant: textAt(spec, 'instant') === 'true' || textAt(spec, 'queryType') === 'instant',
    isHidden: textAt(target, 'hide') === 'true' || textAt(target, 'hidden') === 'true',
    at: target.at,
  };
}

function variableOf(node: YamlNode): Variable {
  const current = nodeAt(node, 'current', 'value');
  return {
    node,
    at: node.at,
    type: textAt(node, 'type') ?? '',
    name: textAt(node, 'name') ?? '',
    query: writtenAt(node, 'query') ?? writtenAt(node, 'query', 'query') ?? writtenAt(node, 'definition'),
    datasource: dataSourceOf(nodeAt(node, 'datasource')),
    isRefreshed: textAt(node, 'refresh') === '2',
    current: textAt(current) ?? textAt(itemsOf(current)[0]),
    isMulti: textAt(node, 'multi') === 'true',
  };
}

function annotationOf(node: YamlNode): Annotation {
  return {
    name: textAt(node, 'name') ?? '',
    at: node.at,
    datasource: dataSourceOf(nodeAt(node, 'datasource')),
    query: writtenAt(node, 'expr') ?? writtenAt(node, 'target', 'expr'),
    isBuiltIn: /^(1|true)$/.test(textAt(node, 'builtIn') ?? ''),
  };
}

/** An object with type and uid, or a text alone, as until Grafana 8. `null` is the default data source. */
export function dataSourceOf(node: YamlNode | undefined): DataSource | undefined {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return undefined;
  if (node.kind === 'scalar') return { type: undefined, uid: String(node.value), at: node.at };
  return { type: textAt(node, 'type'), uid: textAt(node, 'uid') ?? textAt(node, 'name'), at: node.at };
}

export function writtenAt(node: YamlNode | undefined, ...path: readonly string[]): Written | undefined {
  const found = nodeAt(node, ...path);
  return found?.kind === 'scalar' && typeof found.value === 'string' ? { text: found.value, at: found.at } : undefined;
}
