import { type FirmwareContract, opcode } from '../benchlab/contract/contract.ts';
import type { Answer } from './memoryPort.suite.ts';

export interface BoardFacts {
  readonly contract: FirmwareContract;
  /** The firmware that the board reports. Default: that of the contract. */
  readonly firmware?: number;
  /** 24 hexadecimal digits. */
  readonly uid?: string;
  readonly name?: string;
  readonly frame: Uint8Array;
}

/** A well-behaved board: the reply of every command that a receiver may send, each in one chunk, and silence otherwise. */
export function boardAnswer({ contract, firmware, uid, name, frame }: BoardFacts): Answer {
  const padded = (text: string, length: number) => Uint8Array.from(Buffer.alloc(length).fill(text, 0, text.length));
  const replies = new Map<number, Uint8Array>([
    [opcode.WELCOME, padded('BENCHLAB', contract.replyBytes.WELCOME ?? 9)],
    [opcode.READ_VENDOR_DATA, Uint8Array.of(0xee, contract.productId, firmware ?? contract.firmware)],
    [opcode.READ_UID, Uint8Array.from(Buffer.from(uid ?? '3A0025000B51383239373834', 'hex'))],
    [opcode.READ_NAME, padded(name ?? 'bench-rig-07', 32)],
    [opcode.READ_SENSORS, frame],
  ]);
  return (request) => {
    const reply = request.length === 1 ? replies.get(request[0] ?? -1) : undefined;
    return reply ? [reply] : [];
  };
}
