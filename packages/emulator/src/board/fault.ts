import { OptionError } from '@benchlab-otel/core';
import { type FirmwareContract, faultBits } from '@benchlab-otel/hw-receivers/protocol';

/** One way in which a serial line, or the device behind it, misbehaves. */
export type LineFault =
  | 'short'
  | 'late'
  | 'split'
  | 'garbage'
  | 'stale'
  | 'unplug'
  | 'wrong-product'
  | 'wrong-welcome'
  | 'silence'
  | 'greeting'
  | 'future-firmware'
  | 'never-ending';

/** Every line fault with what the board then does, one sentence each. */
export const lineFaults: readonly { readonly name: LineFault; readonly description: string }[] = [
  { name: 'short', description: 'Each sensor reply lacks its last byte.' },
  {
    name: 'late',
    description: 'Each sensor reply comes 700 ms after the request, when a reader no longer waits for it.',
  },
  { name: 'split', description: 'Each sensor reply comes as one byte and then in pieces of 64 bytes, 2 ms apart.' },
  { name: 'garbage', description: 'Each sensor reply has the right length and random content.' },
  { name: 'stale', description: 'Seven bytes that no request asked for follow each sensor reply after 3 ms.' },
  { name: 'unplug', description: 'The board is unplugged while it answers the twentieth sensor request.' },
  { name: 'wrong-product', description: 'The vendor data name an ElmorLabs PMD2, which shares the USB id.' },
  { name: 'wrong-welcome', description: 'The welcome is that of an ElmorLabs PMD2.' },
  { name: 'silence', description: 'The board answers nothing at all.' },
  { name: 'greeting', description: 'Another product announces itself when the port is opened, and answers nothing.' },
  { name: 'future-firmware', description: 'The vendor data name a firmware that is newer than every published one.' },
  { name: 'never-ending', description: 'Each sensor reply continues without an end until the next request.' },
];

/** @throws OptionError that lists the names of all line faults */
export function checkLineFault(fault: LineFault | undefined): void {
  if (fault === undefined || lineFaults.some(({ name }) => name === fault)) return;
  const allowed = `one of ${lineFaults.map(({ name }) => name).join(', ')}`;
  throw new OptionError({ option: 'fault', value: fault, allowed });
}

/**
 * The fault word in which the named connector faults are set, by the contract's names: `FAULT_OCP_HPWR1` …
 *
 * @throws OptionError that lists the valid names for an unknown name, and names a board with faults for a firmware without
 *   fault words
 */
export function faultWord(contract: FirmwareContract, names: readonly string[]): bigint {
  const valid = Object.keys(faultBits);
  if (names.length > 0 && !contract.sensors.fields.some((field) => field.name === 'FaultStatus')) {
    const why = `${contract.product} firmware ${contract.firmware} has no fault words`;
    const allowed = `empty, because ${why}. BENCHLAB 2 from firmware 5 on has ${valid.length} faults: FAULT_OCP_HPWR1 is one`;
    throw new OptionError({ option: 'connectorFaults', value: names.join(', '), allowed });
  }
  return names.reduce((word, name) => {
    const bit = faultBits[name];
    if (bit === undefined)
      throw new OptionError({ option: 'connectorFaults', value: name, allowed: `one of ${valid.join(', ')}` });
    return word | (1n << BigInt(bit));
  }, 0n);
}
