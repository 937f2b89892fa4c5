import type { Reading, Sensor } from '@benchlab-otel/core';
import { faultName, faultWordBits, isFaultSet, publishedFaults } from '../contract/fault.ts';
import type { BoardInfo } from '../device/connect.ts';
import type { FrameDecoder } from './decode.ts';
import { faultSensor, faultStatusSensors } from './sensors.ts';

/**
 * The two fault words of BENCHLAB 2 as readings: 0 or 1 for every published fault, and for an unpublished bit from the
 * first time that it is set; and the live ones as `hw.status` of the part that has the fault. At most 64 faults a word.
 */
export class FaultReadings {
  readonly #words: readonly Word[];
  readonly #board: BoardInfo;

  constructor(board: BoardInfo, decoder: FrameDecoder) {
    this.#board = board;
    this.#words = [word(decoder, 'FaultStatus', 'live'), word(decoder, 'FaultLog', 'latched')].flatMap((w) => w ?? []);
    for (const entry of this.#words) for (const bit of publishedFaults) this.#add(entry, bit);
  }

  /** Appends the readings of one frame. Firmware without fault words has none. */
  append(raw: Int32Array, readings: Reading[]): void {
    for (const entry of this.#words) {
      const [low, high] = [raw[entry.low] ?? 0, raw[entry.high] ?? 0];
      if ((low | high) !== 0) this.#learn(entry, low, high);
      for (const [bit, { fault, status }] of entry.sensors) {
        const value = isFaultSet(low, high, bit) ? 1 : 0;
        readings.push({ sensor: fault, value });
        if (status) readings.push({ sensor: status.failed, value }, { sensor: status.ok, value: 1 - value });
      }
    }
  }

  #learn(entry: Word, low: number, high: number): void {
    for (let bit = 0; bit < faultWordBits; bit++) {
      if (!entry.sensors.has(bit) && isFaultSet(low, high, bit)) this.#add(entry, bit);
    }
  }

  #add(entry: Word, bit: number): void {
    const name = faultName(bit);
    entry.sensors.set(bit, {
      fault: faultSensor(this.#board, name, entry.kind),
      // A latched fault is not a state of now.
      ...(entry.kind === 'live' && { status: faultStatusSensors(this.#board, name) }),
    });
  }
}

interface Word {
  readonly kind: 'live' | 'latched';
  readonly low: number;
  readonly high: number;
  readonly sensors: Map<number, { readonly fault: Sensor; readonly status?: ReturnType<typeof faultStatusSensors> }>;
}

function word(decoder: FrameDecoder, field: string, kind: Word['kind']): Word | undefined {
  const [low, high] = [decoder.slot(`${field}.low`), decoder.slot(`${field}.high`)];
  return low === undefined || high === undefined ? undefined : { kind, low, high, sensors: new Map() };
}
