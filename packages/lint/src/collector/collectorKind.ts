import type { LintKind } from '../findings/lintKind.ts';
import { parseYaml, yamlRules } from '../yaml/parseYaml.ts';

/** Configuration of OpenTelemetry Collectors, and what deploys them. */
export const collectorKind: LintKind = {
  name: 'collector',
  extensions: ['.yaml', '.yml', '.service'],
  rules: yamlRules,
  find: (files) => files.flatMap((file) => parseYaml(file).findings),
};
