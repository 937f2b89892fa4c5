import { dirname } from 'node:path/posix';
import type { LintFile } from '../../files/lintFile.ts';
import type { Finding } from '../../findings/finding.ts';
import { parseJson } from '../../json/parseJson.ts';
import { entriesOf, entryAt, itemsOf, nodeAt, textAt, type YamlNode, type YamlScalar } from '../../yaml/node.ts';
import { parseYaml } from '../../yaml/parseYaml.ts';
import { type Dashboard, quoted } from './dashboard.ts';
import { readV1, writtenAt } from './readV1.ts';
import { readV2 } from './readV2.ts';
import { Source } from './source.ts';

export interface Found {
  readonly dashboards: readonly Dashboard[];
  /** Documents of YAML, for what else the run takes from them. */
  readonly documents: readonly YamlNode[];
  readonly findings: readonly Finding[];
}

/** The dashboards of a file: JSON of either form, resources of Kubernetes, and texts in a ConfigMap. */
export function findDashboards(file: LintFile): Found {
  const { path, text } = file;
  if (path.endsWith('.json')) {
    const { node, findings } = parseJson(file);
    const source = new Source(path, text, true);
    const dashboards = node === undefined ? [] : inDocument(node, source, dirname(path));
    return {
      dashboards: dashboards.flatMap(valid),
      documents: [],
      findings: [...findings, ...dashboards.flatMap(broken)],
    };
  }
  const { documents, findings } = parseYaml(file);
  // Templates of Helm are YAML only after Helm has read them; YAML of other kinds is the matter of other linters.
  const isOurs = file.isNamed || (/ConfigMap|grafana/i.test(text) && !/\{\{-?\s/.test(text));
  const source = new Source(path, text, false);
  const found = documents.flatMap((document) => inDocument(document, source, dirname(path)));
  return {
    dashboards: found.flatMap(valid),
    documents,
    findings: [...(isOurs ? findings : []), ...found.flatMap(broken)],
  };
}

type Each = { readonly dashboard: Dashboard } | { readonly finding: Finding };

function valid(each: Each): readonly Dashboard[] {
  return 'dashboard' in each ? [each.dashboard] : [];
}

function broken(each: Each): readonly Finding[] {
  return 'finding' in each ? [each.finding] : [];
}

function inDocument(document: YamlNode, source: Source, folder: string): readonly Each[] {
  const kind = textAt(document, 'kind') ?? '';
  if (/^(ConfigMap)?List$/.test(kind)) {
    return itemsOf(nodeAt(document, 'items')).flatMap((item) => inDocument(item, source, folder));
  }
  if (kind === 'ConfigMap') return inConfigMap(document, source);
  if (kind === 'GrafanaDashboard') {
    const json = nodeAt(document, 'spec', 'json');
    return json?.kind === 'scalar' ? inText('spec.json', json, folder, source) : [];
  }
  const spec = specOf(document);
  return spec === undefined ? [] : [{ dashboard: dashboardOf(document, spec, source, folder) }];
}

/** The specification in what may be wrapped around it: a resource of Kubernetes, an answer of the API. */
function specOf(document: YamlNode): YamlNode | undefined {
  if (/^dashboard\.grafana\.app\//.test(textAt(document, 'apiVersion') ?? '')) return nodeAt(document, 'spec');
  if (isSpec(document)) return document;
  return [nodeAt(document, 'dashboard'), nodeAt(document, 'spec')].find(isSpec);
}

/** What only a dashboard has. Damaged ones are still one: a wrong type of `panels` is found by a rule. */
function isSpec(node: YamlNode | undefined): node is YamlNode {
  const has = (key: string) => entryAt(node, key) !== undefined;
  if (has('elements') && has('layout')) return true;
  return ['schemaVersion', 'panels', 'templating', 'rows'].filter(has).length >= (has('title') ? 1 : 2);
}

function inConfigMap(document: YamlNode, source: Source): readonly Each[] {
  const name = textAt(document, 'metadata', 'name') ?? '';
  const isLabelled = entryAt(document, 'metadata', 'labels', 'grafana_dashboard') !== undefined;
  return entriesOf(nodeAt(document, 'data')).flatMap(({ key, value }) => {
    const isJson = value.kind === 'scalar' && (key.endsWith('.json') || isLabelled);
    return isJson ? inText(key, value, `ConfigMap ${name} of ${source.file}`, source) : [];
  });
}

/** A dashboard as a text within a file. */
function inText(name: string, scalar: YamlScalar, folder: string, outer: Source): readonly Each[] {
  const text = String(scalar.value);
  const source = outer.embedded(scalar, text);
  const { node, findings } = parseJson({ path: outer.file, text });
  const placed = findings.map(
    ({ column = 1, ...finding }): Finding => ({
      ...finding,
      message: `${quoted(name)}: ${finding.message}`,
      ...source.place({ line: finding.line, column }),
    }),
  );
  const spec = node === undefined ? undefined : specOf(node);
  const inside = node && spec ? [{ dashboard: dashboardOf(node, spec, source, folder) }] : [];
  return [...inside, ...placed.map((finding) => ({ finding }))];
}

function dashboardOf(document: YamlNode, spec: YamlNode, source: Source, folder: string): Dashboard {
  const form = entryAt(spec, 'elements') !== undefined ? 'v2' : 'v1';
  return {
    source,
    form,
    folder,
    document,
    spec,
    uid: writtenAt(spec, 'uid') ?? writtenAt(document, 'metadata', 'name'),
    title: textAt(spec, 'title') ?? '',
    tags: itemsOf(nodeAt(spec, 'tags')).flatMap((tag) => textAt(tag) ?? []),
    ...bounded(form === 'v2' ? readV2(spec) : readV1(spec)),
  };
}

/** Most of each that is looked at. The largest public dashboards have some 200 panels and 50 variables. */
const most = { panels: 2000, rows: 2000, variables: 500, annotations: 500, links: 500, queries: 200 } as const;

function bounded(parts: ReturnType<typeof readV1>): ReturnType<typeof readV1> & Pick<Dashboard, 'cut'> {
  const { panels, rows, variables, annotations, links } = parts;
  const cut = (['panels', 'rows', 'variables', 'annotations', 'links'] as const).filter(
    (key) => parts[key].length > most[key],
  );
  const isLong = panels.some(({ queries }) => queries.length > most.queries);
  return {
    panels: panels.slice(0, most.panels).map((panel) => ({ ...panel, queries: panel.queries.slice(0, most.queries) })),
    rows: rows.slice(0, most.rows),
    variables: variables.slice(0, most.variables),
    annotations: annotations.slice(0, most.annotations),
    links: links.slice(0, most.links),
    cut: [...cut, ...(isLong ? ['queries of a panel'] : [])],
  };
}
