import type { Clock, Receiver } from '@benchlab-otel/core';

/**
 * What the contract suite needs of one receiver. `rig.suite.ts` in the folder of the receiver exports it as `rig`; the
 * suite finds it by the receiver's name.
 */
export interface ReceiverRig {
  /** A receiver that finds no device, independent of what this machine has. */
  withoutDevice(clock: Clock): Receiver;
  /** A device in the hands of the test, and a receiver that reads it. */
  connect(): Promise<ConnectedRig>;
}

export interface ConnectedRig {
  readonly receiver: Receiver;
  /** Matches the `Source.id` of the device that `lose` takes away. */
  readonly device: RegExp;
  /** Takes the device away. */
  lose(): void | Promise<void>;
  /** Gives it back, as it was. */
  restore(): void | Promise<void>;
  /**
   * From now on the device takes far longer than a poll interval to answer, until it is restored. Resolves when a poll
   * waits for it.
   */
  slowDown(): Promise<void>;
  close(): void | Promise<void>;
}

/** Waits until `isDone` is true, 5 s at most. */
export async function until(isDone: () => boolean): Promise<void> {
  const endMs = performance.now() + 5000;
  while (!isDone()) {
    if (performance.now() > endMs) throw new Error(`This was not so within 5 s: ${isDone}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
