import { checkPortOptions, connectBoard, type PortOptions } from './connect.ts';
import { type Host, thisHost } from './host.ts';
import { type BoardSettings, readSettings } from './settings.ts';

/**
 * Opens the board at `port`, identifies it, reads its settings and closes it. The port must be free: no receiver may read it
 * at the same time. Nothing is changed.
 *
 * @throws BenchlabError with the codes that `findBoards` gives for refused ports
 * @example const { faultLimits } = await boardSettings('/dev/ttyACM0');
 */
export async function boardSettings(
  port: string,
  options: Omit<PortOptions, 'ports'> = {},
  host: Host = thisHost,
): Promise<BoardSettings> {
  checkPortOptions(options);
  const connection = await connectBoard(port, options, host);
  try {
    return await readSettings(connection);
  } finally {
    await connection.exchange.close();
  }
}
