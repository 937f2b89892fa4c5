import { isPublic, pageAddress } from './bind.ts';
import type { ConfigProblem } from './configProblem.ts';
import type { EffectiveConfig } from './effectiveConfig.ts';

/** The metrics page reads them itself. */
const tokenVariables = ['TELEMETRY_METRICS_TOKEN_FILE', 'TELEMETRY_METRICS_TOKEN'];

/** Why the metrics page must not listen where it is asked to: other hosts could read it without a token. Undefined when it may. */
export function pageProblem(
  { config, origins }: Pick<EffectiveConfig, 'config' | 'origins'>,
  environment: NodeJS.ProcessEnv,
): ConfigProblem | undefined {
  const { bind, token_file, unprotected } = config.prometheus;
  const isAllowed = unprotected ?? environment.TELEMETRY_METRICS_UNPROTECTED?.trim().toLowerCase() === 'true';
  const hasToken = token_file !== undefined || tokenVariables.some((name) => environment[name]?.trim());
  if (!isPublic(config) || hasToken || isAllowed) return undefined;
  return {
    at: origins['prometheus.bind'].text,
    message: `prometheus.bind is ${JSON.stringify(bind)}, where other hosts can read the metrics page without a token.`,
    fix:
      'Add one of these lines to [prometheus]: token_file = "/etc/benchlab/metrics-token" for a file with a token ' +
      `(or set TELEMETRY_METRICS_TOKEN_FILE), unprotected = true, or bind = "127.0.0.1:${pageAddress(bind).port}".`,
  };
}
