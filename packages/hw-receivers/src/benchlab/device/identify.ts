import { BenchlabError } from '@benchlab-otel/core';
import { boardIdentity, contractOf, contracts, type FirmwareContract } from '../contract/contract.ts';
import type { Exchange, Reply, ReplySize } from '../wire/exchange.ts';
import {
  beginsAsWelcome,
  decodeName,
  decodeUid,
  decodeVendorData,
  decodeWelcome,
  foreignAnnouncement,
  welcomeBytes,
} from '../wire/reply.ts';

/** The identity of a board, and the contract by which it is read. */
export interface Identity {
  readonly contract: FirmwareContract;
  readonly firmware: number;
  /** Set when the firmware is unpublished and is read as if it were this one. */
  readonly assumedFirmware?: number;
  /** Upper-case hexadecimal, 24 digits. */
  readonly uid: string;
  /** May be empty. */
  readonly name: string;
}

// How long newer firmware may take to push its welcome after RTS, and other products to announce themselves (vendor's app).
const greetingNs = 100e6;
// The firmware is not known before the welcome, so the remaining 23 bytes of the long welcome have this time to come.
const lingerNs = 30e6;
// Twice the long welcome: the pushed one and the answer.
const welcomeSize: ReplySize = { bytes: welcomeBytes.short, atMost: 2 * welcomeBytes.long, lingerNs };
// These three have the same length on every published firmware (firmware contract). Bytes that follow within the time do
// not belong to the reply, and then neither may those that came first: the request is repeated.
const strayNs = 10e6;
const maxStrayBytes = 256;
/** How often a reply of another length is asked for again. */
const maxAttempts = 3;

/** Another product has announced itself. It is left alone until another device is at its path. */
export class AnotherProduct extends BenchlabError {}

/**
 * Finds out which device is behind a port that was just opened, in the only safe order: listen, welcome, vendor data, UID,
 * name. USB id 0483:5740 is ST's generic id, and on other boards that share it the same opcodes erase flash. So this rejects
 * at the first answer that is not that of a BENCHLAB, and the caller closes the port without another byte.
 *
 * @throws BenchlabError NOT_A_BENCHLAB, UNKNOWN_FIRMWARE, NO_REPLY, BOARD_LOST, or BAD_REPLY: also when stray bytes come and
 * no two reads agree
 */
export async function identify(exchange: Exchange, path: string, assumeFirmware?: number): Promise<Identity> {
  await listenForStrangers(exchange, path);
  await askWelcome(exchange, path);
  const seen: Identity[] = [];
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const { identity, isClean } = await readIdentity(exchange, path, assumeFirmware);
    // While stray bytes come, what was read counts only when it is read twice.
    if (isClean || seen.some((before) => isSame(before, identity))) return identity;
    seen.push(identity);
  }
  const what = `${path} answered with stray bytes, and with another name, UID or firmware each of ${maxAttempts} times.`;
  throw new BenchlabError('BAD_REPLY', what, 'Check the cable and that no other program reads the port.');
}

function isSame(one: Identity, other: Identity): boolean {
  const isSameLayout = one.contract === other.contract && one.firmware === other.firmware;
  return isSameLayout && one.uid === other.uid && one.name === other.name;
}

async function readIdentity(exchange: Exchange, path: string, assumeFirmware: number | undefined) {
  const strayBefore = exchange.staleBytes;
  const known = readAs(path, await askVendorData(exchange, path), assumeFirmware);
  const uid = decodeUid(await askExactly(exchange, 'READ_UID'));
  const name = decodeName(await askExactly(exchange, 'READ_NAME'));
  return { identity: { ...known, uid, name }, isClean: exchange.staleBytes === strayBefore };
}

/** Firmware that is not published counts only when two replies have it: a garbled one must not refuse the board for good. */
async function askVendorData(exchange: Exchange, path: string): Promise<Uint8Array> {
  const replies: string[] = [];
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const reply = await askExactly(exchange, 'READ_VENDOR_DATA');
    const { vendorId, productId, firmware } = decodeVendorData(reply);
    const isUnpublished =
      vendorId === boardIdentity.vendorId && isProduct(productId) && !contractOf(productId, firmware);
    const text = reply.join(' ');
    if (replies.includes(text) || (!isUnpublished && attempt === 0)) return reply;
    replies.push(text);
  }
  const what = `${path} answered READ_VENDOR_DATA ${maxAttempts} times with different bytes.`;
  throw new BenchlabError('BAD_REPLY', what, 'Check the cable and that no other program reads the port.');
}

function isProduct(productId: number): boolean {
  return contracts.some((contract) => contract.productId === productId);
}

/** Vendor ids of what shares the USB id of BENCHLAB: ElmorLabs (0xEE, as BENCHLAB) and Thermal Grizzly's WireView (0xEF). */
const makers: ReadonlySet<number> = new Set([0xee, 0xef]);

const exactBytes = { READ_VENDOR_DATA: 3, READ_UID: 12, READ_NAME: 32 } as const;

/**
 * A reply without a byte before or after it. Only whole welcomes, which newer firmware pushes, may precede it.
 *
 * @throws BenchlabError BAD_REPLY when the reply has another length each time; NO_REPLY or BOARD_LOST at once
 */
export async function askExactly(exchange: Exchange, command: keyof typeof exactBytes): Promise<Uint8Array> {
  const bytes = exactBytes[command];
  const size: ReplySize = { bytes, atMost: bytes + maxStrayBytes, lingerNs: strayNs };
  let length = 0;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    try {
      const reply = (await exchange.ask(command, size)).bytes;
      const from = reply.length > bytes && beginsAsWelcome(reply) ? welcomeBytes.long : 0;
      if (reply.length - from === bytes) return reply.slice(from);
      length = reply.length;
    } catch (error) {
      if (!(error instanceof BenchlabError) || error.code !== 'BAD_REPLY' || attempt === maxAttempts - 1) throw error;
    }
  }
  const what = `The board answered ${command} ${maxAttempts} times with another length, the last time ${length} bytes where ${bytes} belong.`;
  throw new BenchlabError(
    'BAD_REPLY',
    what,
    'Check the cable and that no other program reads the port. It is asked again.',
  );
}

/**
 * Asks for the identity again after a bad reply. The length of this reply differs from that of a frame, so a frame that was
 * only late is noticed here and cannot pass as the answer to the next request.
 */
export async function verify(exchange: Exchange, path: string, identity: Identity): Promise<void> {
  const { productId, firmware } = decodeVendorData(
    (await exchange.ask('READ_VENDOR_DATA', { bytes: exactBytes.READ_VENDOR_DATA })).bytes,
  );
  if (productId === identity.contract.productId && firmware === identity.firmware) return;
  throw new BenchlabError('BAD_REPLY', `${path} is another board than before.`, 'Plug the board in again.');
}

/** The bytes that come before anything is sent. @throws BenchlabError NOT_A_BENCHLAB when another product announces itself */
export async function listenForStrangers(exchange: Exchange, path: string): Promise<Uint8Array> {
  const greeting = await exchange.listen(greetingNs);
  const foreign = foreignAnnouncement(greeting);
  if (foreign === undefined) return greeting;
  throw anotherProduct(path, `announces itself as ${JSON.stringify(foreign.slice(0, 40))}`);
}

/** @throws BenchlabError NOT_A_BENCHLAB for any welcome that is not that of a BENCHLAB */
export async function askWelcome(exchange: Exchange, path: string): Promise<Reply> {
  const what = 'does not answer the welcome request as a BENCHLAB does';
  try {
    const reply = await exchange.ask('WELCOME', welcomeSize);
    if (isWelcome(reply)) return reply;
    const foreign = foreignAnnouncement(reply.bytes);
    if (foreign !== undefined) throw anotherProduct(path, `answers WELCOME as ${JSON.stringify(foreign.slice(0, 40))}`);
  } catch (error) {
    // The welcome of another product has another length.
    if (error instanceof BenchlabError && error.code === 'BAD_REPLY') throw notABenchlab(path, what, error);
    if (error instanceof BenchlabError && error.code === 'NO_REPLY') throw silent(path, error);
    throw error;
  }
  throw notABenchlab(path, what);
}

/** No board at this port has answered before. */
function silent(path: string, cause: BenchlabError): BenchlabError {
  const fix =
    'If it is a BENCHLAB, unplug it and plug it in again. If it is another device, name the port of the board.';
  return new BenchlabError('NO_REPLY', `${path} did not answer WELCOME.`, fix, { cause });
}

function isWelcome({ bytes }: Reply): boolean {
  const isTwice = bytes.length === 2 * welcomeBytes.long && decodeWelcome(bytes.subarray(0, welcomeBytes.long));
  return decodeWelcome(isTwice ? bytes.subarray(welcomeBytes.long) : bytes) !== undefined;
}

function readAs(path: string, reply: Uint8Array, assume: number | undefined): Omit<Identity, 'uid' | 'name'> {
  const { vendorId, productId, firmware } = decodeVendorData(reply);
  const product = contracts.find((contract) => contract.productId === productId)?.product;
  if (vendorId !== boardIdentity.vendorId || product === undefined) {
    const what = `is product ${hex(vendorId)}/${hex(productId)}`;
    // Other bytes are garbage of the line: no product has them.
    throw makers.has(vendorId) ? anotherProduct(path, what) : notABenchlab(path, what);
  }
  const published = contractOf(productId, firmware);
  if (published) return { contract: published, firmware };
  const assumed = assume === undefined ? undefined : contractOf(productId, assume);
  if (assumed) return { contract: assumed, firmware, assumedFirmware: assumed.firmware };
  const known = contracts.filter((contract) => contract.productId === productId).map((contract) => contract.firmware);
  throw new BenchlabError(
    'UNKNOWN_FIRMWARE',
    `${path} is a ${product} with firmware ${firmware}, whose layout is not published (known: ${known.join(', ')}).`,
    'Update this package, or name the firmware to read it as: --assume-firmware N, or assumeFirmware.',
  );
}

const leftAlone = 'It was left alone. Name the port of a BENCHLAB with --port, or the option `ports`.';

function notABenchlab(path: string, what: string, cause?: BenchlabError): BenchlabError {
  return new BenchlabError('NOT_A_BENCHLAB', `${path} ${what}.`, leftAlone, { cause });
}

export function anotherProduct(path: string, what: string): AnotherProduct {
  return new AnotherProduct('NOT_A_BENCHLAB', `${path} ${what}.`, leftAlone);
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
