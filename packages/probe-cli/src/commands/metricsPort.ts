import { BenchlabError } from '@benchlab-otel/core';

/** Runs `start`, which opens a metrics page, and says with the words of the command line that its port is taken. */
export async function onMetricsPort<Started>(
  host: string,
  port: number,
  start: () => Promise<Started>,
): Promise<Started> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof BenchlabError) || error.code !== 'PORT_IN_USE') throw error;
    throw new BenchlabError(
      'PORT_IN_USE',
      `Port ${port} of ${host}, where the metrics page goes, is in use.`,
      'End the program that has it, or pass --metrics-port with another port (0 takes any free one).',
      { cause: error },
    );
  }
}
