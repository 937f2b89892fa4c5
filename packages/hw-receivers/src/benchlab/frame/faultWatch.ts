import { faultName, faultWordBits, isFaultSet } from '../contract/fault.ts';
import type { FrameDecoder } from './decode.ts';

/** A fault of the board that came or went between two frames. */
export interface FaultChange {
  readonly name: string;
  /** Live: it is present now. Latched: it was present since the last reset of the board. */
  readonly kind: 'live' | 'latched';
  readonly state: 'raised' | 'cleared';
}

interface Word {
  readonly kind: FaultChange['kind'];
  readonly low: number;
  readonly high: number;
  before: readonly [low: number, high: number];
}

/**
 * Which faults came or went, frame by frame. It outlives the connections of a board: a fault that is present before and after
 * a replug is reported once. A fault in the first frame of all is reported as raised.
 */
export class FaultWatch {
  readonly #words: readonly Word[];

  constructor(decoder: FrameDecoder) {
    this.#words = (['live', 'latched'] as const).flatMap((kind) => {
      const field = kind === 'live' ? 'FaultStatus' : 'FaultLog';
      const [low, high] = [decoder.slot(`${field}.low`), decoder.slot(`${field}.high`)];
      return low === undefined || high === undefined ? [] : [{ kind, low, high, before: [0, 0] as const }];
    });
  }

  /** Takes a frame that was accepted. */
  changes(raw: Int32Array): readonly FaultChange[] {
    let changes: FaultChange[] | undefined;
    for (const word of this.#words) {
      const [low, high] = [raw[word.low] ?? 0, raw[word.high] ?? 0];
      const [lowBefore, highBefore] = word.before;
      if (low === lowBefore && high === highBefore) continue;
      word.before = [low, high];
      changes ??= [];
      for (let bit = 0; bit < faultWordBits; bit++) {
        const isSet = isFaultSet(low, high, bit);
        if (isSet === isFaultSet(lowBefore, highBefore, bit)) continue;
        changes.push({ name: faultName(bit), kind: word.kind, state: isSet ? 'raised' : 'cleared' });
      }
    }
    return changes ?? none;
  }
}

const none: readonly FaultChange[] = [];
