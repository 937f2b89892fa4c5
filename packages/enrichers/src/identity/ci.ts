import { type Enricher, knownOptions, objectOption } from '@benchlab-otel/core';
import { ciAttributes } from './ciSystems.ts';

export interface CiOptions {
  /** The variables of the job. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Puts the run of the pipeline on the resource: its name, id and address, its job, and the change that it is for. It knows
 * GitHub Actions, GitLab, Jenkins, Buildkite and Azure Pipelines, by the variables of their jobs; elsewhere it adds nothing.
 *
 * @example await startTelemetry({ enrichers: [ci()] });
 */
export function ci(options: CiOptions = {}): Enricher {
  knownOptions<CiOptions>('ci', options, { env: true });
  const { env = process.env } = options;
  objectOption('env', env, 'an object of variables, like process.env');
  return { name: 'ci', resource: () => ciAttributes(env) };
}
