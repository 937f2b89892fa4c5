import { isPublic, pageAddress } from './bind.ts';
import type { ConfigProblem } from './configProblem.ts';
import type { EffectiveConfig } from './effectiveConfig.ts';

type Configured = Pick<EffectiveConfig, 'config' | 'origins'>;

/** The metrics page reads them itself. */
const tokenVariables = ['TELEMETRY_METRICS_TOKEN_FILE', 'TELEMETRY_METRICS_TOKEN'];

/** Why pages must not listen where they are asked to: other hosts could read them without a token. */
export function pageProblems(configured: Configured, environment: NodeJS.ProcessEnv): readonly ConfigProblem[] {
  return [metricsPageProblem(configured, environment), dashboardProblem(configured)].filter(
    (each) => each !== undefined,
  );
}

function metricsPageProblem(
  { config, origins }: Configured,
  environment: NodeJS.ProcessEnv,
): ConfigProblem | undefined {
  const { bind, token_file, unprotected } = config.prometheus;
  const isAllowed = unprotected ?? environment.TELEMETRY_METRICS_UNPROTECTED?.trim().toLowerCase() === 'true';
  const hasToken = token_file !== undefined || tokenVariables.some((name) => environment[name]?.trim());
  if (!isPublic(bind) || hasToken || isAllowed) return undefined;
  return {
    at: origins['prometheus.bind'].text,
    message: `prometheus.bind is ${JSON.stringify(bind)}, where other hosts can read the metrics page without a token.`,
    fix:
      'Add one of these lines to [prometheus]: token_file = "/etc/benchlab/metrics-token" for a file with a token ' +
      `(or set TELEMETRY_METRICS_TOKEN_FILE), unprotected = true, or bind = "127.0.0.1:${pageAddress(bind).port}".`,
  };
}

function dashboardProblem({ config, origins }: Configured): ConfigProblem | undefined {
  const { bind, token_file, unprotected } = config.web;
  if (bind === undefined || !isPublic(bind) || token_file !== undefined || unprotected) return undefined;
  return {
    at: origins['web.bind'].text,
    message: `web.bind is ${JSON.stringify(bind)}, where other hosts can see the dashboard without a token.`,
    fix:
      'Add one of these lines to [web]: token_file = "/etc/benchlab/web-token" for a file with a token, ' +
      `unprotected = true, or bind = "127.0.0.1:${pageAddress(bind).port}".`,
  };
}
