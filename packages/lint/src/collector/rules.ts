import type { CollectorRule } from './rule.ts';
import { componentRules, nameRules, processorRules, telemetryRules } from './rules/components.ts';
import { deploymentRules } from './rules/deployment.ts';
import { limiterRules } from './rules/limiter.ts';
import { listenerRules } from './rules/listeners.ts';
import { queueRules } from './rules/queues.ts';
import { samplingRules } from './rules/sampling.ts';
import { secretRules } from './rules/secrets.ts';
import { storageRules } from './rules/storage.ts';

/** Every rule of `lint collector`, in the order of the documents. */
export const collectorRules: readonly CollectorRule[] = [
  ...limiterRules,
  ...queueRules,
  ...storageRules,
  ...componentRules,
  ...processorRules,
  ...samplingRules,
  ...listenerRules,
  ...secretRules,
  ...telemetryRules,
  ...nameRules,
  ...deploymentRules,
];
