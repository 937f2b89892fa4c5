import { messageOf } from '@benchlab-otel/core';
import type { SessionFile } from '../folder/sessionFile.ts';

type Hole = SessionFile['holes'][number];

/** A time in which lines could not be kept. */
export class HoleInRecording {
  dropped = 0;
  #open: { readonly fromNs: number; toNs: number; count: number; reason: string } | undefined;
  #trouble: string | undefined;

  /** The disk does not take the lines. */
  failed(error: unknown): void {
    this.#trouble = messageOf(error);
  }

  /** A line found no room. */
  drop(timeNs: number): void {
    this.dropped++;
    this.#open ??= { fromNs: timeNs, toNs: timeNs, count: 0, reason: this.#trouble ?? 'the disk is too slow' };
    this.#open.count++;
    this.#open.toNs = Math.max(this.#open.toNs, timeNs);
  }

  /** The disk takes lines. Returns the hole that has ended. */
  wrote(): Hole | undefined {
    this.#trouble = undefined;
    const hole = this.#open;
    this.#open = undefined;
    if (hole === undefined) return undefined;
    const { fromNs, toNs, count, reason } = hole;
    return { fromNs, toNs, reason: `${count} lines were dropped: ${reason}`.slice(0, 4_096) };
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }
}
