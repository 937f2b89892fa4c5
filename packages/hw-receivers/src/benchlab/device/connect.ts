import { type Clock, systemClock } from '@benchlab-otel/core';
import { contracts, type FirmwareContract, type Variant } from '../contract/contract.ts';
import { Exchange } from '../wire/exchange.ts';
import type { Host } from './host.ts';
import { type Identity, identify } from './identify.ts';

/** What is said about a board that was found. */
export interface BoardInfo {
  /** `/dev/ttyACM0` */
  readonly port: string;
  readonly product: string;
  readonly productId: number;
  readonly variant: Variant;
  readonly firmware: number;
  /** Set when the firmware is unpublished and read as this one, because the user said so. */
  readonly assumedFirmware?: number;
  /** 24 hexadecimal digits, unique to the board. */
  readonly uid: string;
  /** The name that its owner gave it; may be empty. */
  readonly name: string;
  /** Emulated hardware. */
  readonly simulated: boolean;
}

/** Which ports, and how they are to be taken. */
export interface PortOptions {
  /** Ports to read. Without it, every serial port with BENCHLAB's USB id is asked who it is. */
  readonly ports?: readonly string[];
  /** Read a board with unpublished firmware as if it had this one. Its data are only as right as this assumption. */
  readonly assumeFirmware?: number;
  /** Pseudo-terminals that are bridges to real boards (`socat` and the like). Others count as simulated. */
  readonly bridges?: readonly string[];
}

/** A board that has been identified and is ready to be read. */
export interface Connection {
  readonly info: BoardInfo;
  readonly identity: Identity;
  readonly contract: FirmwareContract;
  readonly exchange: Exchange;
}

/** The caller's mistakes, found before any port is touched. */
export function checkPortOptions({ ports, bridges, assumeFirmware }: PortOptions): void {
  if (ports !== undefined) checkPaths('ports', ports);
  if (ports?.length === 0) throw new RangeError('ports: an empty list. Leave it out to look for boards.');
  if (bridges !== undefined) checkPaths('bridges', bridges);
  if (assumeFirmware === undefined) return;
  const published = [...new Set(contracts.map((contract) => contract.firmware))].sort((a, b) => a - b);
  if (published.includes(assumeFirmware)) return;
  throw new RangeError(`assumeFirmware: ${assumeFirmware} is not published. There are ${published.join(', ')}.`);
}

function checkPaths(option: string, paths: readonly string[]): void {
  const isPath = (path: unknown) => typeof path === 'string' && path !== '';
  if (!Array.isArray(paths) || !paths.every(isPath)) throw new TypeError(`${option}: a list of paths is needed.`);
}

/**
 * Opens a port and identifies what is behind it. On anything but a BENCHLAB the port is closed again and the promise
 * rejects with a BenchlabError.
 */
export async function connectBoard(
  port: string,
  options: PortOptions,
  host: Host,
  clock: Clock = systemClock,
  signal?: AbortSignal,
): Promise<Connection> {
  const exchange = new Exchange(host.transport(port), clock);
  const close = () => void exchange.close();
  signal?.addEventListener('abort', close, { once: true });
  try {
    await exchange.open();
    const identity = await identify(exchange, port, options.assumeFirmware);
    return { info: describe(port, identity, options, host), identity, contract: identity.contract, exchange };
  } catch (error) {
    await exchange.close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', close);
  }
}

function describe(port: string, identity: Identity, options: PortOptions, host: Host): BoardInfo {
  const { contract, firmware, assumedFirmware, uid, name } = identity;
  const { product, productId, variant } = contract;
  const simulated = isSimulated(uid, port, options.bridges ?? [], host);
  const info = { port, product, productId, variant, firmware, uid, name, simulated };
  return assumedFirmware === undefined ? info : { ...info, assumedFirmware };
}

/** The emulator's UIDs begin with this: "SIM". Nothing takes the mark away, a declared bridge neither. */
const simulatedUidPrefix = '53494D';

function isSimulated(uid: string, port: string, bridges: readonly string[], host: Host): boolean {
  if (uid.startsWith(simulatedUidPrefix)) return true;
  const node = host.node(port);
  if (!node?.isPseudoTerminal) return false;
  return !bridges.some((bridge) => bridge === port || host.node(bridge)?.realPath === node.realPath);
}
