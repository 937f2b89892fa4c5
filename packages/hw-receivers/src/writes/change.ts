import { BenchlabError, numberOption, OptionError } from '@benchlab-otel/core';
import type { FirmwareContract } from '../benchlab/contract/contract.ts';
import { opcode } from '../benchlab/contract/contract.ts';
import type { Request } from '../benchlab/wire/command.ts';
import { packStruct, type StructValues } from '../benchlab/wire/pack.ts';

/** One thing to change. The values of a struct have the field names of the vendor's contract, and none may be missing. */
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

/** The vendor's limit: the firmware copies one byte too many (advisory write-name-overrun). */
const longestName = 30;
const nameBytes = 32;

/** @throws OptionError that names the wrong value; BenchlabError UNSUPPORTED for what a board with this contract lacks */
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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are refused
  if (name === '' || /[\x00-\x1f\x7f]/.test(name) || bytes.length > longestName) {
    const allowed = `a text of 1 to ${longestName} bytes in UTF-8, without control characters`;
    throw new OptionError({ option: 'name', value: name, allowed });
  }
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
    const problem = `${contract.product} firmware ${contract.firmware} has no ${what}.`;
    throw new BenchlabError('UNSUPPORTED', problem, 'Leave this change out.');
  }
  const known = layout.fields.map(({ name }) => name);
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const allowed = `left out. The fields are ${known.join(', ')}`;
    throw new OptionError({ option: `values.${unknown}`, value: values[unknown], allowed });
  }
  const missing = known.find((name) => values[name] === undefined);
  if (missing !== undefined) {
    const allowed = 'given, because a field that is left out would become 0';
    throw new OptionError({ option: `values.${missing}`, value: undefined, allowed });
  }
  const expected = packStruct(layout, contract.structs, values);
  return {
    description: what,
    request: { command, bytes: Uint8Array.of(opcode[command], ...which, ...expected) },
    readBack: { command: read, which, expected },
  };
}

function checkIndex(name: string, value: number, count: number): void {
  numberOption(name, value, { least: 0, most: count - 1, isWhole: true });
}
