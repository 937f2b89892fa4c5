import type { Receiver } from '../contracts/receiver.ts';
import { alreadyStarted } from '../errors/alreadyStarted.ts';
import { consumerOption } from './consumerOption.ts';
import { GuardedConsumer } from './guardedConsumer.ts';
import { startFailure } from './startFailure.ts';

/** What a receiver does from one start to one stop. It is never used again after `stop`. */
export interface ReceiverRun {
  /** Begins to read. Called at most once, when the run before has ended. */
  start(): void;
  /** Resolves when no timer, handle or listener is left. May be called on a run that was never started. */
  stop(): Promise<void>;
}

/**
 * The life cycle of every receiver: one run at a time, a start during a stop waits for it, a second start is refused, and
 * a consumer receives nothing more once `stop` was called. What outlives a run (sensors, refusals) belongs to the caller.
 * A run whose start fails is stopped, and the start rejects with that failure.
 *
 * @example createReceiver('host', (consumer) => new HostRun({ consumer, files, clock }))
 */
export function createReceiver(
  name: string,
  createRun: (consumer: GuardedConsumer) => ReceiverRun,
  more: Pick<Receiver, 'reload'> = {},
): Receiver {
  let current: { readonly run: ReceiverRun; readonly consumer: GuardedConsumer } | undefined;
  let stopped: Promise<unknown> = Promise.resolve();

  async function stop(): Promise<void> {
    const ended = current;
    current = undefined;
    if (ended === undefined) return void (await stopped);
    ended.consumer.close();
    const ending = Promise.all([stopped, ended.run.stop()]);
    // A stop that fails is reported to its caller. It does not keep the receiver from being started again.
    stopped = ending.catch(() => undefined);
    await ending;
  }

  return {
    ...more,
    name,
    async start(given) {
      const checked = consumerOption('consumer', given);
      if (current !== undefined) throw alreadyStarted(name);
      const consumer = new GuardedConsumer(name, checked);
      const next = { run: createRun(consumer), consumer };
      current = next;
      await stopped;
      // A stop came while this start waited.
      if (current !== next) return;
      try {
        next.run.start();
      } catch (thrown) {
        throw await stop().then(
          () => thrown,
          (ofStop: unknown) => startFailure(name, thrown, ofStop),
        );
      }
    },
    stop,
  };
}
