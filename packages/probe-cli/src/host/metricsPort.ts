import { BenchlabError, OptionError } from '@benchlab-otel/core';

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
