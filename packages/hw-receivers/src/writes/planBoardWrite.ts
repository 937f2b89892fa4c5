import { BenchlabError } from '@benchlab-otel/core';
import {
  type BoardInfo,
  type Connection,
  checkPortOptions,
  connectBoard,
  type PortOptions,
} from '../benchlab/device/connect.ts';
import { type Host, thisHost } from '../benchlab/device/host.ts';
import { readStatus } from '../benchlab/device/settings.ts';
import { settingsRequest } from '../benchlab/wire/command.ts';
import { type BoardChange, type EncodedChange, encodeChange } from './change.ts';

export type { BoardChange } from './change.ts';

/** A change that is planned and not made yet. */
export interface WritePlan {
  readonly board: BoardInfo;
  readonly description: string;
  /** Every byte that would be sent, in hexadecimal. */
  readonly requestHex: string;
  /** The value now, and the value after the change, in hexadecimal. */
  readonly beforeHex: string;
  readonly afterHex: string;
  /**
   * Makes the change. The board is identified again just before, and must be the one whose UID is given. Then
   * the change is sent, the status is asked where the firmware has one, and the value is read back.
   *
   * @throws BenchlabError NOT_A_BENCHLAB when it is another board, BAD_REPLY when the value that is read back differs
   */
  apply(confirmation: { readonly uid: string }): Promise<void>;
}

/** The firmware needs a moment before it reads back a new value. The vendor's application waits 50 ms. */
const settleNs = 100e6;

/**
 * Plans one change of a board's settings: name, a fan profile, lights, fault limits. Only reads are sent before
 * `apply`. Power buttons, calibration, firmware and stored configuration cannot be changed here.
 *
 * @throws OptionError for a wrong value of the change; BenchlabError where the board lacks what is changed (UNSUPPORTED), has
 *   unpublished firmware (UNKNOWN_FIRMWARE) or cannot be reached
 * @example
 * const plan = await planBoardWrite('/dev/ttyACM0', { kind: 'name', name: 'rig-07' });
 * console.log(plan.board.uid, plan.description, plan.requestHex);
 * await plan.apply({ uid: plan.board.uid });
 */
export async function planBoardWrite(
  port: string,
  change: BoardChange,
  options: Pick<PortOptions, 'bridges'> = {},
  host: Host = thisHost,
): Promise<WritePlan> {
  checkPortOptions(options);
  return withBoard(port, options, host, async (connection) => {
    const { info, contract } = connection;
    if (info.assumedFirmware !== undefined) {
      const what = `${info.port} has unpublished firmware ${info.firmware}. Nothing is written to it.`;
      throw new BenchlabError('UNKNOWN_FIRMWARE', what, 'Use a version of this package that knows the firmware.');
    }
    const encoded = encodeChange(change, contract);
    return {
      board: info,
      description: encoded.description,
      requestHex: hex(encoded.request.bytes),
      beforeHex: hex(await readBack(connection, encoded)),
      afterHex: hex(encoded.readBack.expected),
      apply: ({ uid }) => withBoard(port, options, host, (again) => write(again, encoded, info, uid)),
    };
  });
}

async function write(connection: Connection, encoded: EncodedChange, planned: BoardInfo, uid: string): Promise<void> {
  const { exchange, info } = connection;
  if (uid !== planned.uid || info.uid !== planned.uid || info.firmware !== planned.firmware) {
    const what = `${info.port} is board ${info.uid}, and the change was planned for ${planned.uid}, confirmed for ${uid}.`;
    throw new BenchlabError('NOT_A_BENCHLAB', what, 'Nothing was written. Plan the change again.');
  }
  await exchange.send(encoded.request);
  await exchange.listen(settleNs);
  const status = await readStatus(connection);
  if (status !== undefined && status !== 0) throw refused(connection, encoded, `its status is ${status}`);
  const found = await readBack(connection, encoded);
  if (hex(found) !== hex(encoded.readBack.expected)) throw refused(connection, encoded, `it reads back ${hex(found)}`);
}

function refused({ info }: Connection, { description }: EncodedChange, why: string): BenchlabError {
  const what = `${info.port} did not take the ${description}: ${why}.`;
  return new BenchlabError('BAD_REPLY', what, 'Read its settings, and plan the change again.');
}

async function readBack({ exchange, contract }: Connection, { readBack: of }: EncodedChange): Promise<Uint8Array> {
  const bytes = contract.replyBytes[of.command] ?? of.expected.length;
  const reply =
    of.command === 'READ_NAME'
      ? await exchange.ask('READ_NAME', { bytes })
      : await exchange.askRequest(settingsRequest(of.command, ...of.which), { bytes });
  return reply.bytes.slice();
}

async function withBoard<T>(
  port: string,
  options: Pick<PortOptions, 'bridges'>,
  host: Host,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connectBoard(port, options, host);
  try {
    return await use(connection);
  } finally {
    await connection.exchange.close();
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
