import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { isLoopback } from '@benchlab-otel/wire';

/** A command has no option for the token: the metrics page takes it from the environment. */
const tokenFileVariable = 'TELEMETRY_METRICS_TOKEN_FILE';

/** Runs `start`, which opens a metrics page. Errors name the flag or the variable to change. */
export async function onMetricsPort<Started>(
  host: string,
  port: number,
  start: () => Promise<Started>,
): Promise<Started> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof OptionError && error.option === 'tokenFile') throw error.named(tokenFileVariable);
    if (!(error instanceof BenchlabError) || error.code !== 'PORT_IN_USE') throw error;
    throw new BenchlabError(
      'PORT_IN_USE',
      `Port ${port} of ${host}, where the metrics page goes, is in use.`,
      'End the program that has it, or pass --metrics-port with another port (0 takes any free one).',
      { cause: error },
    );
  }
}

/**
 * Refuses a metrics page that other hosts could read without a token, before anything starts.
 *
 * @throws OptionError that names `host`, the option of the page
 */
export function checkPageAccess(host: string, environment: NodeJS.ProcessEnv): void {
  const variables = [tokenFileVariable, 'TELEMETRY_METRICS_TOKEN'];
  if (isLoopback(host) || variables.some((name) => environment[name]?.trim())) return;
  if (environment.TELEMETRY_METRICS_UNPROTECTED?.trim().toLowerCase() === 'true') return;
  const why = 'because other hosts could read the metrics page without a token';
  const other = `For another address, put a token into a file and name the file with ${tokenFileVariable}`;
  const allowed = `127.0.0.1, ${why}. ${other}`;
  throw new OptionError({ option: 'metricsPage.host', value: host, allowed });
}
