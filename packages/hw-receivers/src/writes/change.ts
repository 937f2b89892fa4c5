import type { FirmwareContract } from '../benchlab/contract/contract.ts';
import { opcode } from '../benchlab/contract/contract.ts';
import type { Request } from '../benchlab/wire/command.ts';
import { packStruct, type StructValues } from '../benchlab/wire/pack.ts';

/** One thing to change. Values of structs go by the field names of the vendor's contract, complete. */
export type BoardChange =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'fan_profile'; readonly profile: number; readonly fan: number; readonly values: StructValues }
  | { readonly kind: 'rgb_profile'; readonly profile: number; readonly values: StructValues }
  | { readonly kind: 'fault_limits'; readonly values: StructValues };

/** A change as the bytes that make it, and the read that shows it. */
export interface EncodedChange {
  readonly description: string;
  readonly request: Request;
  readonly readBack: {
    readonly command: 'READ_NAME' | 'READ_FAN_PROFILE' | 'READ_RGB' | 'READ_FAULT';
    readonly which: readonly number[];
    /** What the board must answer afterwards. */
    readonly expected: Uint8Array;
  };
}

/** The vendor caps names here: the firmware copies one byte too many (advisory write-name-overrun). */
const longestName = 30;
const nameBytes = 32;

/** @throws RangeError or TypeError that names what cannot be written to a board with this contract */
export function encodeChange(change: BoardChange, contract: FirmwareContract): EncodedChange {
  switch (change.kind) {
    case 'name':
      return encodeName(change.name);
    case 'fan_profile': {
      const { profile, fan, values } = change;
      checkIndex('profile', profile, 3);
      checkIndex('fan', fan, 9);
      return encodeStruct(contract, 'WRITE_FAN_PROFILE', [profile, fan], values, `fan ${fan} of profile ${profile}`);
    }
    case 'rgb_profile':
      checkIndex('profile', change.profile, 2);
      return encodeStruct(
        contract,
        'WRITE_RGB',
        [change.profile],
        change.values,
        `lights of profile ${change.profile}`,
      );
    case 'fault_limits':
      return encodeStruct(contract, 'WRITE_FAULT', [], change.values, 'limits and actions of faults');
  }
}

function encodeName(name: string): EncodedChange {
  const bytes = new TextEncoder().encode(name);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
  if (name === '' || /[\x00-\x1f\x7f]/.test(name)) throw new TypeError('name: it must be a text that can be printed.');
  if (bytes.length > longestName) throw new RangeError(`name: ${bytes.length} bytes, and at most ${longestName} fit.`);
  const expected = new Uint8Array(nameBytes);
  expected.set(bytes);
  return {
    description: `name ${JSON.stringify(name)}`,
    request: {
      command: 'WRITE_NAME',
      bytes: Uint8Array.of(opcode.WRITE_NAME, ...expected.subarray(0, longestName + 1)),
    },
    readBack: { command: 'READ_NAME', which: [], expected },
  };
}

const structOf = {
  WRITE_FAN_PROFILE: { struct: 'FanConfigStruct', read: 'READ_FAN_PROFILE' },
  WRITE_RGB: { struct: 'RGBConfigStruct', read: 'READ_RGB' },
  WRITE_FAULT: { struct: 'FaultConfigStruct', read: 'READ_FAULT' },
} as const;

function encodeStruct(
  contract: FirmwareContract,
  command: keyof typeof structOf,
  which: readonly number[],
  values: StructValues,
  what: string,
): EncodedChange {
  const { struct, read } = structOf[command];
  const layout = contract.structs[struct];
  if (layout === undefined || contract.replyBytes[read] === undefined) {
    throw new RangeError(`${contract.product} firmware ${contract.firmware} has no ${what}.`);
  }
  const known = layout.fields.map(({ name }) => name);
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`${what}: there is no field ${unknown}. There are: ${known.join(', ')}.`);
  const missing = known.find((name) => values[name] === undefined);
  if (missing !== undefined) throw new TypeError(`${what}: ${missing} is missing. What is not given would become 0.`);
  const expected = packStruct(layout, contract.structs, values);
  return {
    description: what,
    request: { command, bytes: Uint8Array.of(opcode[command], ...which, ...expected) },
    readBack: { command: read, which, expected },
  };
}

function checkIndex(name: string, value: number, count: number): void {
  if (Number.isInteger(value) && value >= 0 && value < count) return;
  throw new RangeError(`${name}: ${value} is not a whole number from 0 to ${count - 1}.`);
}
