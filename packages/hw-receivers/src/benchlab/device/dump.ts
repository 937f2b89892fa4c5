import { BenchlabError, type Clock, numberOption, systemClock } from '@benchlab-otel/core';
import { boardIdentity, contractOf, contracts } from '../contract/contract.ts';
import { type DecodedFrame, decodeFrame } from '../frame/frame.ts';
import { Exchange, type ReplySize } from '../wire/exchange.ts';
import { decodeUid, decodeVendorData } from '../wire/reply.ts';
import { type Host, thisHost } from './host.ts';
import { anotherProduct, askExactly, askWelcome, listenForStrangers } from './identify.ts';

/** What a board sent, byte for byte: for a report to this project, and for its tests. */
export interface BoardDump {
  readonly port: string;
  /** Its port is a pseudo-terminal, or its UID is that of an emulator. */
  readonly simulated: boolean;
  readonly productId: number;
  readonly product: string;
  readonly firmware: number;
  /** Absent with `redactUid`. */
  readonly uid?: string;
  /** There is a contract for this firmware. Without one a frame is what came within 50 ms, and nothing is decoded. */
  readonly isPublished: boolean;
  /** What the board sent when its port was opened, in hexadecimal. */
  readonly greetingHex: string;
  readonly welcomeHex: string;
  readonly vendorHex: string;
  readonly frames: readonly { readonly hex: string; readonly atNs: number; readonly roundTripNs: number }[];
  readonly roundTripMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Of the frames, how many differ from the one before. */
  readonly changed: number;
  /** The last frame. */
  readonly decoded?: DecodedFrame;
}

/** The options of `dumpBoard`. */
export interface DumpOptions {
  /** Frames to read, 1 to 10,000. Default 200. */
  readonly frames?: number;
  /** Leaves the UID out. */
  readonly redactUid?: boolean;
  readonly clock?: Clock;
  /** Between two frames, ms. Default 10. */
  readonly pauseMs?: number;
}

const lingerNs = 50e6;
/** The longest frame that is read of unpublished firmware, bytes. */
const atMost = 1000;

/**
 * Reads what a report about a board needs: its welcome, vendor data, UID and some frames, by the requests 00, 0E, 0D and
 * 01 and no other. Firmware without a published contract is read too, and not decoded.
 *
 * @throws OptionError for wrong options; BenchlabError with the codes that `findBoards` gives for refused ports
 */
export async function dumpBoard(port: string, options: DumpOptions = {}, host: Host = thisHost): Promise<BoardDump> {
  const { frames = 200, redactUid = false, clock = systemClock, pauseMs = 10 } = options;
  numberOption('frames', frames, { least: 1, most: 10_000, isWhole: true });
  const exchange = new Exchange(host.transport(port), clock);
  try {
    await exchange.open();
    const greetingHex = hex(await listenForStrangers(exchange, port));
    const welcomeHex = hex((await askWelcome(exchange, port)).bytes);
    const vendor = await askExactly(exchange, 'READ_VENDOR_DATA');
    const vendorHex = hex(vendor);
    const { vendorId, productId, firmware } = decodeVendorData(vendor);
    const product = contracts.find((contract) => contract.productId === productId)?.product;
    if (vendorId !== boardIdentity.vendorId || product === undefined) {
      throw anotherProduct(port, `has the vendor data ${vendorHex}`);
    }
    const uid = decodeUid(await askExactly(exchange, 'READ_UID'));
    const contract = contractOf(productId, firmware);
    const size: ReplySize = contract ? { bytes: contract.sensors.size } : { bytes: 1, atMost, lingerNs };
    const read = await readFrames(exchange, size, { frames, clock, pauseMs });
    const last = read.at(-1);
    return {
      port,
      simulated: uid.startsWith('53494D') || host.node(port)?.isPseudoTerminal === true,
      productId,
      product,
      firmware,
      ...(!redactUid && { uid }),
      isPublished: contract !== undefined,
      greetingHex,
      welcomeHex,
      vendorHex,
      frames: read,
      roundTripMs: spread(read.map(({ roundTripNs }) => roundTripNs / 1e6)),
      changed: read.slice(1).filter((frame, k) => frame.hex !== read[k]?.hex).length,
      ...(contract && last && { decoded: decodeFrame(contract, Buffer.from(last.hex, 'hex')) }),
    };
  } finally {
    await exchange.close();
  }
}

async function readFrames(
  exchange: Exchange,
  size: ReplySize,
  { frames, clock, pauseMs }: { frames: number; clock: Clock; pauseMs: number },
): Promise<BoardDump['frames'][number][]> {
  const read: BoardDump['frames'][number][] = [];
  const startNs = clock.nowNs();
  let failure: unknown;
  for (let asked = 0; asked < frames; asked++) {
    try {
      const { bytes, timeNs, uncertaintyNs } = await exchange.ask('READ_SENSORS', size);
      read.push({ hex: hex(bytes), atNs: timeNs - startNs, roundTripNs: 2 * uncertaintyNs });
    } catch (error) {
      // One frame that failed does not discard the others. A board that is gone ends the reading.
      failure = error;
      if (error instanceof BenchlabError && error.code === 'BOARD_LOST') break;
      if (asked >= 3 && read.length === 0) break;
    }
    await new Promise<void>((resolve) => clock.at(clock.nowNs() + pauseMs * 1e6, resolve));
  }
  if (read.length === 0) throw failure;
  return read;
}

function spread(values: readonly number[]): BoardDump['roundTripMs'] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0).toPrecision(4));
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
