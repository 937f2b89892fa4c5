import type { LintFile } from '../files/lintFile.ts';
import type { Finding, Position } from '../findings/finding.ts';
import type { LintKind } from '../findings/lintKind.ts';
import type { YamlNode } from '../yaml/node.ts';
import { parseYaml, yamlRules } from '../yaml/parseYaml.ts';
import { findConfigs } from './config/findConfigs.ts';
import { composeWorkloads } from './deployment/compose.ts';
import { type Deployment, type Workload, workloadsOf } from './deployment/deployment.ts';
import { kubernetesWorkloads } from './deployment/kubernetes.ts';
import { unitWorkload } from './deployment/unit.ts';
import type { CollectorRule, View } from './rule.ts';
import { collectorRules } from './rules.ts';

const notCollector = {
  id: 'not-a-collector',
  reason: 'A file that was named on the command line and is not looked at would pass without a word.',
};

/** Configuration of OpenTelemetry Collectors, and what deploys them. */
export const collectorKind: LintKind = kindOf(collectorRules);

/** The same with some of the rules. */
export function kindOf(rules: readonly CollectorRule[]): LintKind {
  return {
    name: 'collector',
    extensions: ['.yaml', '.yml', '.service'],
    rules: [...yamlRules, notCollector, ...rules],
    find(files) {
      const read = files.map(readFile);
      const documents = read.flatMap(({ file, documents }) => documents.map((document) => ({ file, document })));
      const deployment: Deployment = {
        configs: documents.flatMap(({ file, document }) => findConfigs(file, document)),
        workloads: [
          ...read.flatMap(({ unit }) => unit ?? []),
          ...documents.flatMap(({ file, document }) => composeWorkloads(file, document)),
          ...kubernetesWorkloads(documents),
        ],
      };
      return [
        ...read.flatMap(({ findings }) => findings),
        ...viewsOf(deployment).flatMap((view) => rules.flatMap((rule) => findingsOf(rule, view))),
        ...read.flatMap((each) => unknownFile(each, deployment)),
      ];
    },
  };
}

interface ReadFile {
  readonly file: string;
  readonly isNamed: boolean;
  readonly documents: readonly YamlNode[];
  readonly unit: Workload | undefined;
  readonly findings: readonly Finding[];
}

/**
 * A key that a configuration of a collector, a compose file or a manifest must have. Half of a repository has none of them, and
 * parsing is most of the time of a run.
 */
const relevantKey = /(?:^|[\s{,"'])(?:service|services|kind)["']?\s*:/;

function readFile(file: LintFile): ReadFile {
  const { path, isNamed } = file;
  if (path.endsWith('.service')) {
    return { file: path, isNamed, documents: [], unit: unitWorkload(file), findings: [] };
  }
  if (!isNamed && !relevantKey.test(file.text))
    return { file: path, isNamed, documents: [], unit: undefined, findings: [] };
  const { documents, findings } = parseYaml(file);
  // Templates of Helm are YAML only after Helm has read them.
  const isTemplate = !isNamed && findings.length > 0 && /\{\{-?\s/.test(file.text);
  return { file: path, isNamed, documents, unit: undefined, findings: isTemplate ? [] : findings };
}

/** Each configuration in each workload that runs it, or alone. */
function viewsOf(deployment: Deployment): readonly View[] {
  return deployment.configs.flatMap((config): readonly View[] => {
    const running = workloadsOf(deployment, config);
    if (running.length === 0) return [{ config, workload: undefined, deployment }];
    return running.map((workload) => ({ config: config.in(workload.environment), workload, deployment }));
  });
}

function findingsOf({ id, severity, fix, find }: CollectorRule, view: View): readonly Finding[] {
  return [...find(view)].map(({ message, fix: own, file, at }) => ({
    rule: id,
    severity,
    message,
    fix: own ?? fix,
    ...(file === undefined ? placeIn(view, at) : { file, ...at }),
  }));
}

/** The line of the workload that gave the setting its value, where one did: the configuration itself is right. */
function placeIn({ config, workload }: View, at: Position): Position & { readonly file: string } {
  const variable = config.variableOn(at.line);
  if (variable === undefined || workload === undefined) return { file: config.source.file, ...at };
  return { file: workload.file, ...variable.at };
}

function unknownFile({ file, isNamed, documents, findings }: ReadFile, deployment: Deployment): readonly Finding[] {
  const isKnown =
    deployment.configs.some(({ source }) => source.file === file) ||
    deployment.workloads.some((each) => each.file === file);
  const isManifest = documents.some(
    (document) => document.kind === 'map' && document.entries.some(({ key }) => key === 'kind'),
  );
  if (!isNamed || isKnown || isManifest || findings.length > 0) return [];
  const message =
    'This is neither the configuration of a collector nor a file that starts one, so it was not looked at.';
  const fix = 'Name the configuration with service.pipelines, or a unit, compose file or manifest with --config.';
  return [{ rule: notCollector.id, severity: 'error', message, fix, file, line: 1 }];
}
