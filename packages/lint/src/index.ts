export { collectorKind } from './collector/collectorKind.ts';
export { type LintFile, maxFileBytes, textOf, tooLarge, unreadable } from './files/lintFile.ts';
export { type Finding, inOrder, type Position, type Severity } from './findings/finding.ts';
export { type LintKind, lint, type RuleText } from './findings/lintKind.ts';
export {
  entriesOf,
  entryAt,
  itemsOf,
  nodeAt,
  nodesBelow,
  textAt,
  type YamlEntry,
  type YamlList,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from './yaml/node.ts';
export { type ParsedYaml, parseYaml, yamlRules } from './yaml/parseYaml.ts';
