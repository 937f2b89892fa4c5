import { type Aperture, type Clock, OptionError, systemClock } from '@benchlab-otel/core';
import { contracts, type FirmwareContract, type Variant } from '../contract/contract.ts';
import { Exchange } from '../wire/exchange.ts';
import type { Host } from './host.ts';
import { type Identity, identify } from './identify.ts';

/** What identifies a board that was found. */
export interface BoardInfo {
  /** `/dev/ttyACM0` */
  readonly port: string;
  readonly product: string;
  readonly productId: number;
  readonly variant: Variant;
  readonly firmware: number;
  /** Set when the firmware is unpublished and read as this one, because the user asked for it. */
  readonly assumedFirmware?: number;
  /** 24 hexadecimal digits, unique to the board. */
  readonly uid: string;
  /** The name that its owner gave it; may be empty. */
  readonly name: string;
  /** Emulated hardware. */
  readonly simulated: boolean;
  /** What its power stands for. Absent for real boards: the vendor does not state it. */
  readonly aperture?: Aperture;
}

/** Which ports to read, and what to assume of them. */
export interface PortOptions {
  /** Ports to read. Without it, every serial port with the USB id of a BENCHLAB is asked for its identity. */
  readonly ports?: readonly string[];
  /** Read a board with unpublished firmware as if it had this one. Its readings are right only if this assumption is right. */
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
  if (ports?.length === 0) {
    const allowed = 'a list of paths with at least one path, or left out to look for boards';
    throw new OptionError({ option: 'ports', value: ports, allowed });
  }
  if (bridges !== undefined) checkPaths('bridges', bridges);
  if (assumeFirmware === undefined) return;
  const published = [...new Set(contracts.map((contract) => contract.firmware))].sort((a, b) => a - b);
  if (published.includes(assumeFirmware)) return;
  const allowed = `a published firmware: one of ${published.join(', ')}`;
  throw new OptionError({ option: 'assumeFirmware', value: assumeFirmware, allowed });
}

function checkPaths(option: string, paths: readonly string[]): void {
  const isPath = (path: unknown) => typeof path === 'string' && path !== '';
  if (Array.isArray(paths) && paths.every(isPath)) return;
  throw new OptionError({ option, value: paths, allowed: 'a list of paths' });
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
  const aperture = uid.startsWith(simulatedUidPrefix) ? simulatedApertures.get(uid.slice(8, 10)) : undefined;
  return {
    ...{ port, product, productId, variant, firmware, uid, name, simulated },
    ...(assumedFirmware !== undefined && { assumedFirmware }),
    ...(aperture !== undefined && { aperture }),
  };
}

/** The emulator's UIDs begin with this: "SIM". Nothing removes the mark, not even a declared bridge. */
const simulatedUidPrefix = '53494D';
/** The fifth byte of such a UID: what the power of the emulated bench stands for. */
const simulatedApertures: ReadonlyMap<string, Aperture> = new Map([
  ['00', { kind: 'mean', seconds: 'since the sample before' }],
  ['01', { kind: 'instant' }],
]);

function isSimulated(uid: string, port: string, bridges: readonly string[], host: Host): boolean {
  if (uid.startsWith(simulatedUidPrefix)) return true;
  const node = host.node(port);
  if (!node?.isPseudoTerminal) return false;
  return !bridges.some((bridge) => bridge === port || host.node(bridge)?.realPath === node.realPath);
}
