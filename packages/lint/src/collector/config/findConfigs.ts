import { basename } from 'node:path/posix';
import { entriesOf, entryAt, nodeAt, textAt, type YamlNode } from '../../yaml/node.ts';
import { parseYaml } from '../../yaml/parseYaml.ts';
import { CollectorConfig } from './collectorConfig.ts';

/**
 * Configurations of collectors in a document: the document itself, `config` of Helm values, `spec.config` of the operator's
 * resource, and the texts in a ConfigMap.
 */
export function findConfigs(path: string, document: YamlNode): readonly CollectorConfig[] {
  const root = [document, nodeAt(document, 'spec', 'config'), nodeAt(document, 'config')].find(isConfig);
  if (root !== undefined) return [new CollectorConfig({ file: path, name: basename(path) }, root)];
  if (textAt(document, 'kind') !== 'ConfigMap') return [];
  const configMap = textAt(document, 'metadata', 'name') ?? '';
  return entriesOf(nodeAt(document, 'data')).flatMap(({ key, value }) => {
    if (value.kind !== 'scalar' || !String(value.value).includes('pipelines:')) return [];
    const [inner] = parseYaml({ path, text: embedded(String(value.value), value.at.line) }).documents;
    return inner !== undefined && isConfig(inner)
      ? [new CollectorConfig({ file: path, name: key, configMap }, inner)]
      : [];
  });
}

function isConfig(node: YamlNode | undefined): node is YamlNode {
  return entryAt(node, 'service', 'pipelines') !== undefined;
}

/** A text within a file, moved down so that its lines have the numbers that they have there. */
function embedded(text: string, line: number): string {
  return '\n'.repeat(line) + text;
}
