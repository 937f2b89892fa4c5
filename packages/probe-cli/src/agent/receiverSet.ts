import {
  BenchlabError,
  type Clock,
  messageOf,
  type Receiver,
  type SampleConsumer,
  type Source,
} from '@benchlab-otel/core';
import type { PlannedReceiver } from './plannedReceivers.ts';

/** What a reload did to the receivers, by their keys. */
export interface ReceiverChanges {
  readonly kept: readonly string[];
  readonly stopped: readonly string[];
  readonly started: readonly string[];
  /** Receivers that could not start, with the reason. They are tried again at the next reload. */
  readonly failed: readonly string[];
}

interface Running {
  readonly options: string;
  readonly receiver: Receiver;
  readonly sources: Set<Source>;
  /** CLOCK_MONOTONIC, ns, of its latest sample or poll, or of its start. */
  movedNs: number;
}

/**
 * The receivers of the agent as one, so that some of them can be replaced while the telemetry runs: what did not change is
 * not touched, and the series of what is gone end.
 */
export class ReceiverSet implements Receiver {
  readonly name = 'agent';
  readonly #clock: Clock;
  readonly #running = new Map<string, Running>();
  #plan: readonly PlannedReceiver[];
  #consumer: SampleConsumer | undefined;

  constructor(plan: readonly PlannedReceiver[], clock: Clock) {
    this.#plan = plan;
    this.#clock = clock;
  }

  /** Keys of the receivers, and since when each has not moved: CLOCK_MONOTONIC, ns. */
  get movedNs(): ReadonlyMap<string, number> {
    return new Map([...this.#running].map(([key, { movedNs }]) => [key, movedNs]));
  }

  /** Rejects with the failure of one, once all have started or failed. */
  async start(consumer: SampleConsumer): Promise<void> {
    this.#consumer = consumer;
    const starts = await Promise.allSettled(this.#plan.map((planned) => this.#start(planned, consumer)));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async stop(): Promise<void> {
    this.#consumer = undefined;
    const ended = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(ended.map(({ receiver }) => receiver.stop()));
  }

  /** Devices that were left alone are asked again. */
  reload(): void {
    for (const { receiver } of this.#running.values()) receiver.reload?.();
  }

  /** Stops what `plan` has no more or has otherwise, and starts what is new. Calls must not overlap. */
  async replace(plan: readonly PlannedReceiver[]): Promise<ReceiverChanges> {
    const consumer = this.#consumer;
    if (consumer === undefined) return { kept: [], stopped: [], started: [], failed: [] };
    this.#plan = plan;
    const wanted = new Map(plan.map((each) => [each.key, optionsOf(each)]));
    const gone = [...this.#running].filter(([key, { options }]) => wanted.get(key) !== options);
    // One port has one reader: the old receiver leaves it before the new one opens it.
    await Promise.all(gone.map(([key, running]) => this.#end(key, running, consumer)));
    const kept = [...this.#running.keys()];
    const [started, failed]: [string[], string[]] = [[], []];
    for (const planned of plan.filter(({ key }) => !this.#running.has(key))) {
      try {
        await this.#start(planned, consumer);
        started.push(planned.key);
      } catch (error) {
        failed.push(`${planned.key}: ${messageOf(error)}`);
      }
    }
    return { kept, stopped: gone.map(([key]) => key), started, failed };
  }

  async #start(planned: PlannedReceiver, consumer: SampleConsumer): Promise<void> {
    const receiver = planned.create();
    const running: Running = {
      options: optionsOf(planned),
      receiver,
      sources: new Set(),
      movedNs: this.#clock.nowNs(),
    };
    this.#running.set(planned.key, running);
    try {
      await receiver.start(this.#watched(running, consumer));
    } catch (error) {
      if (this.#running.get(planned.key) === running) this.#running.delete(planned.key);
      throw error;
    }
  }

  async #end(key: string, running: Running, consumer: SampleConsumer): Promise<void> {
    this.#running.delete(key);
    await running.receiver.stop();
    const timeNs = this.#clock.nowNs();
    for (const source of running.sources) {
      const what = `${source.name} is not read any more.`;
      const error = new BenchlabError('DEVICE_LOST', what, 'The configuration of the agent has changed.');
      consumer.lost({ source, timeNs, error });
    }
  }

  #watched(running: Running, consumer: SampleConsumer): SampleConsumer {
    return {
      sample: (sample) => {
        running.sources.add(sample.source);
        running.movedNs = this.#clock.nowNs();
        consumer.sample(sample);
      },
      lost: (loss) => {
        running.sources.delete(loss.source);
        consumer.lost(loss);
      },
      polled: (report) => {
        running.movedNs = this.#clock.nowNs();
        consumer.polled?.(report);
      },
      event: (event) => consumer.event?.(event),
    };
  }
}

function optionsOf({ options }: PlannedReceiver): string {
  return JSON.stringify(options);
}
