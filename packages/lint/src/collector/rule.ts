import type { Position, Severity } from '../findings/finding.ts';
import type { RuleText } from '../findings/lintKind.ts';
import type { CollectorConfig } from './config/collectorConfig.ts';
import type { Deployment, Workload } from './deployment/deployment.ts';

/** What a rule looks at: one configuration, as one workload runs it, among all that is deployed. */
export interface View {
  readonly config: CollectorConfig;
  /** What starts it. Undefined where no file of the run does. */
  readonly workload: Workload | undefined;
  readonly deployment: Deployment;
}

export interface Problem {
  readonly at: Position;
  readonly message: string;
  /** Instead of the fix of the rule. */
  readonly fix?: string;
  /** The file that `at` is in, where it is not the configuration. */
  readonly file?: string;
}

export interface CollectorRule extends RuleText {
  readonly severity: Severity;
  /** What to write instead: one sentence in the imperative. */
  readonly fix: string;
  find(view: View): Iterable<Problem>;
}
