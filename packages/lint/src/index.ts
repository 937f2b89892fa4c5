export { collectorKind } from './collector/collectorKind.ts';
export { dashboardsKind } from './dashboards/dashboardsKind.ts';
export { type LintFile, maxFileBytes, textOf, tooLarge, unreadable } from './files/lintFile.ts';
export { type Finding, inOrder, type Position, type Severity } from './findings/finding.ts';
export { type LintKind, lint, type RuleText } from './findings/lintKind.ts';
export { type Expression, operandsOf, type Selector, selectorsOf, walk } from './promql/expression.ts';
export { type LabelSet, labelsOf } from './promql/labelsOf.ts';
export { type ParsedPromql, parsePromql } from './promql/parsePromql.ts';
export { type QueryProblem, queryProblems, queryRules } from './promql/queryProblems.ts';
export { type ForeignSeries, type KnownSeries, SeriesCatalogue } from './promql/seriesCatalogue.ts';
export { typeOf } from './promql/typeOf.ts';
export { withDefinitions } from './registry/readRegistry.ts';
export { rulesKind } from './rules/rulesKind.ts';
export { type Threshold, type Thresholds, thresholdNumbers } from './rules/thresholds.ts';
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
