import { checkPortOptions, connectBoard, type PortOptions } from './connect.ts';
import { type Host, thisHost } from './host.ts';
import { type BoardSettings, readSettings } from './settings.ts';

/**
 * Opens the board at `port`, identifies it, reads what it is set to and closes it. The port must be free: not while a
 * receiver reads it. Nothing is changed.
 *
 * @throws BenchlabError as `findBoards` tells it of refused ports
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
