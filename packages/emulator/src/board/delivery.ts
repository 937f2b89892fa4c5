import { boardIdentity, contracts, type FirmwareContract } from '@benchlab-otel/hw-receivers/protocol';
import type { LineFault } from './fault.ts';
import type { Reply } from './protocol.ts';

/** Bytes that go out some time after the request. */
export interface Delivery {
  readonly afterMs: number;
  readonly bytes: Uint8Array;
  /** `unplug`: the cable is unplugged afterwards. `again`: the same again and again until the next request. */
  readonly next?: 'unplug' | 'again';
}

export interface LineState {
  readonly fault: LineFault | undefined;
  readonly contract: FirmwareContract;
  /** Sensor requests since the fault was set, this one included. */
  readonly sensorRequests: number;
}

/** Longer than the 500 ms that the vendor's C# client waits, and than any watchdog of ours. */
const lateMs = 700;
const pieceBytes = 64; // a full-speed USB packet
const pieceIntervalMs = 2;
const staleAfterMs = 3;
const unplugAtRequest = 20;
/** ElmorLabs PMD2: same USB id, same vendor byte, another product and other opcodes. */
const pmd2ProductId = 0x15;
const pmd2Text = text('PMD2');
/** The start of an old welcome and a stray byte. */
const staleBytes = Uint8Array.of(0x42, 0x4c, 0x41, 0x42, 0, 0, 0xff);

/** How a line with a fault delivers a reply. Pure: the garbage of a request is always the same. */
export function deliveriesOf(reply: Reply, line: LineState): readonly Delivery[] {
  if (line.fault === 'silence' || line.fault === 'greeting') return [];
  if (reply.command === 'READ_SENSORS') return sensorDeliveries(reply.bytes, line);
  return [{ afterMs: 0, bytes: identityBytes(reply, line) }];
}

/** What the line sends without a request when a client opens it. `greeting` is what a sound board would send. */
export function greetingsOf(greeting: Reply | undefined, line: LineState): readonly Delivery[] {
  if (line.fault === 'greeting') return [{ afterMs: 0, bytes: pmd2Text }];
  return greeting ? deliveriesOf(greeting, line) : [];
}

function identityBytes({ command, bytes }: Reply, { fault, contract }: LineState): Uint8Array {
  if (command === 'WELCOME' && fault === 'wrong-welcome') return pmd2Text;
  if (command !== 'READ_VENDOR_DATA') return bytes;
  if (fault === 'wrong-product') return Uint8Array.of(boardIdentity.vendorId, pmd2ProductId, 0);
  if (fault === 'future-firmware')
    return Uint8Array.of(boardIdentity.vendorId, contract.productId, unpublished(contract));
  return bytes;
}

function unpublished({ productId }: FirmwareContract): number {
  return Math.max(...contracts.filter((known) => known.productId === productId).map((known) => known.firmware)) + 2;
}

function sensorDeliveries(bytes: Uint8Array, { fault, sensorRequests }: LineState): readonly Delivery[] {
  const now = { afterMs: 0, bytes };
  switch (fault) {
    case 'short':
      return [{ afterMs: 0, bytes: bytes.subarray(0, -1) }];
    case 'late':
      return [{ afterMs: lateMs, bytes }];
    case 'split':
      return pieces(bytes);
    case 'garbage':
      return [{ afterMs: 0, bytes: garbage(bytes.length, sensorRequests) }];
    case 'stale':
      return [now, { afterMs: staleAfterMs, bytes: staleBytes }];
    case 'unplug':
      if (sensorRequests < unplugAtRequest) return [now];
      return [{ afterMs: 0, bytes: bytes.subarray(0, bytes.length / 2), next: 'unplug' }];
    case 'never-ending':
      return [now, { afterMs: pieceIntervalMs, bytes: bytes.subarray(0, pieceBytes), next: 'again' }];
    default:
      return [now];
  }
}

function pieces(bytes: Uint8Array): readonly Delivery[] {
  const deliveries: Delivery[] = [{ afterMs: 0, bytes: bytes.subarray(0, 1) }];
  for (let at = 1; at < bytes.length; at += pieceBytes) {
    deliveries.push({ afterMs: deliveries.length * pieceIntervalMs, bytes: bytes.subarray(at, at + pieceBytes) });
  }
  return deliveries;
}

/** Marsaglia's xorshift32: different for each request, the same in each run. */
function garbage(length: number, seed: number): Uint8Array {
  let state = (seed * 0x9e3779b9) | 1;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

function text(characters: string): Uint8Array {
  return new TextEncoder().encode(`${characters}\0`);
}
