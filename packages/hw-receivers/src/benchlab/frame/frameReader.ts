import type { PowerRole, Reading, Sensor } from '@benchlab-otel/core';
import type { FirmwareContract } from '../contract/contract.ts';
import { type Quantity, quantitiesOf } from '../contract/quantity.ts';
import { type Totaliser, totaliser } from '../contract/rail.ts';
import type { BoardInfo } from '../device/connect.ts';
import type { Reply } from '../wire/exchange.ts';
import { type FrameDecoder, frameDecoder } from './decode.ts';
import { FaultReadings } from './faultReadings.ts';
import { type FaultChange, FaultWatch } from './faultWatch.ts';
import { powerSlots } from './frame.ts';
import { type FrameCheck, frameCheck, notAFrame } from './frameCheck.ts';
import { ConnectorImbalance } from './imbalance.ts';
import { type Normaliser, normaliser } from './normalise.ts';
import { boundsOf, dropImplausible } from './plausible.ts';
import { frameSensors, type LinkSensors, linkSensors, readingsOf } from './sensors.ts';

/** The content of one frame. */
export interface FrameReadings {
  readonly readings: Reading[];
  readonly totals: Readonly<Record<PowerRole, number>>;
  /** Values of this frame that were dropped: impossible ones, and those of a failed ambient sensor. */
  readonly rejected: number;
  /** Faults of the board that came or went since the frame before. */
  readonly faultChanges: readonly FaultChange[];
}

// With at least this many values that can be judged alone (temperatures, humidity, duties, volts of rails), and more than
// half of them impossible, the bytes are not a frame: their powers are worthless too.
const minJudged = 3;

/**
 * Turns the frames of one board into readings. It keeps the board's sensors and its counts, so it is made once for a board
 * and outlives its connections.
 */
export class FrameReader {
  readonly link: LinkSensors;
  /** Impossible values that were dropped since the board was first seen. */
  implausible = 0;
  /** Failed reads of the ambient sensor, since the board was first seen. */
  ambientFailures = 0;
  readonly #decoder: FrameDecoder;
  readonly #quantities: readonly Quantity[];
  readonly #sensors: readonly Sensor[];
  readonly #faults: FaultReadings;
  readonly #faultWatch: FaultWatch;
  readonly #imbalance: ConnectorImbalance;
  readonly #normalise: Normaliser;
  readonly #check: FrameCheck;
  readonly #rails: ReadonlySet<string>;
  readonly #totals: Totaliser;
  readonly #raw: Int32Array;
  readonly #values: Float64Array;

  constructor(board: BoardInfo, contract: FirmwareContract) {
    this.link = linkSensors(board);
    this.#decoder = frameDecoder(contract);
    this.#quantities = quantitiesOf(contract, this.#decoder);
    this.#sensors = frameSensors(board, contract.rails, this.#quantities);
    this.#faults = new FaultReadings(board, this.#decoder);
    this.#faultWatch = new FaultWatch(this.#decoder);
    this.#imbalance = new ConnectorImbalance(board, contract.rails, this.#decoder);
    this.#normalise = normaliser(this.#quantities);
    this.#check = frameCheck(contract, this.#decoder);
    this.#rails = new Set(contract.rails);
    this.#totals = totaliser(contract.rails, powerSlots(contract, this.#decoder));
    this.#raw = new Int32Array(this.#decoder.length);
    this.#values = new Float64Array(this.#quantities.length);
  }

  get frameBytes(): number {
    return this.#decoder.frameBytes;
  }

  /** @throws BenchlabError BAD_REPLY for a frame of another length, or bytes that are not a frame */
  read({ view, bytes }: Reply): FrameReadings {
    this.#decoder.decode(view, bytes.length, this.#raw);
    this.#check(this.#raw);
    const failed = this.#normalise(this.#raw, this.#values);
    const dropped = dropImplausible(this.#quantities, this.#values, this.#rails);
    if (dropped >= minJudged && dropped > this.#judged()) {
      throw notAFrame(`${dropped} of its temperatures, shares and voltages are impossible`);
    }
    this.implausible += dropped;
    this.ambientFailures += failed;
    const totals = this.#totals(this.#raw);
    const readings = readingsOf(this.#sensors, this.#values);
    readings.push({ sensor: this.link.systemPower, value: totals.system });
    this.#imbalance.append(this.#raw, readings);
    this.#faults.append(this.#raw, readings);
    return { readings, totals, rejected: dropped + failed, faultChanges: this.#faultWatch.changes(this.#raw) };
  }

  /** Values that were judged and kept. */
  #judged(): number {
    let count = 0;
    let index = -1;
    for (const quantity of this.#quantities) {
      index++;
      if (!Number.isNaN(this.#values[index]) && boundsOf(quantity, this.#rails) !== undefined) count++;
    }
    return count;
  }
}
