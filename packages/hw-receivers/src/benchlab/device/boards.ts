import { BenchlabError } from '@benchlab-otel/core';
import { type BoardInfo, checkPortOptions, connectBoard, type PortOptions } from './connect.ts';
import { discoverPorts, type RefusedPort } from './discovery.ts';
import { devicesOf, type Host, thisHost } from './host.ts';

/**
 * Looks once: which boards are connected, and which ports were refused, with the reason. Each port is opened, asked for
 * its identity, and closed.
 *
 * @throws OptionError that names the wrong option
 * @example const { boards, refused } = await findBoards();
 */
export async function findBoards(
  options: PortOptions = {},
  host: Host = thisHost,
): Promise<{ boards: BoardInfo[]; refused: RefusedPort[] }> {
  checkPortOptions(options);
  const { ports, bootloaders } = await portsToAsk(options, host);
  const answers = await Promise.all(ports.map((port) => ask(port, options, host)));
  return {
    boards: answers.flatMap((answer) => ('error' in answer ? [] : [answer])),
    refused: [...bootloaders, ...answers.flatMap((answer) => ('error' in answer ? [answer] : []))],
  };
}

async function portsToAsk(options: PortOptions, host: Host) {
  if (options.ports) return { ports: devicesOf(options.ports, host), bootloaders: [] };
  const { candidates, bootloaders } = await discoverPorts(host.sysfs);
  return { ports: candidates.map((candidate) => candidate.path), bootloaders };
}

async function ask(port: string, options: PortOptions, host: Host): Promise<BoardInfo | RefusedPort> {
  try {
    const { info, exchange } = await connectBoard(port, options, host);
    await exchange.close();
    return info;
  } catch (thrown) {
    return { port, error: asBenchlabError(thrown, port) };
  }
}

/** A BenchlabError stays as it is. Anything else is a bug of this package; its error names the port. */
export function asBenchlabError(thrown: unknown, port: string): BenchlabError {
  if (thrown instanceof BenchlabError) return thrown;
  return new BenchlabError('PORT_UNREADABLE', `${port} could not be read.`, 'Please report it.', { cause: thrown });
}
