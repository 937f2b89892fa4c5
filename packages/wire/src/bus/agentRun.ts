import {
  BenchlabError,
  type Clock,
  type Polling,
  type PollReport,
  type PollResult,
  type SampleConsumer,
  type Source,
  startPolling,
} from '@benchlab-otel/core';
import { diag } from '@opentelemetry/api';
import { type AgentConnection, connectAgent } from './agentConnection.ts';
import { clockIdentity } from './clockIdentity.ts';
import type { BusListener } from './decoder.ts';

export interface AgentRunParts {
  readonly name: string;
  /** Tried in this order. */
  readonly paths: readonly string[];
  readonly clock: Clock;
  readonly consumer: SampleConsumer;
}

// A connection costs next to nothing, and an agent that is restarted is back within a second or two.
const lookUp = { intervalNs: 0.5e9, maxIntervalNs: 4e9, timeoutNs: 5e9 };

/** From one start to one stop: keeps a connection to the agent, and hands on what comes over it. */
export class AgentRun {
  readonly #parts: AgentRunParts;
  readonly #consumer: BusListener;
  #lookUp: Polling | undefined;
  #connection: AgentConnection | undefined;
  #dropped = 0;
  #isStopped = false;

  constructor(parts: AgentRunParts) {
    this.#parts = parts;
    this.#consumer = {
      sample: (sample) => this.#tell((consumer) => consumer.sample(sample)),
      lost: (loss) => this.#tell((consumer) => consumer.lost(loss)),
      polled: (report) => this.#tell((consumer) => consumer.polled?.(report)),
      event: (event) => this.#tell((consumer) => consumer.event?.(event)),
    };
  }

  start(): void {
    const { name, clock } = this.#parts;
    this.#lookUp = startPolling({
      receiver: name,
      clock,
      ...lookUp,
      poll: (signal) => this.#look(signal),
      report: (report: PollReport) => this.#consumer.polled(report),
    });
  }

  /** After this call the consumer hears nothing more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const connection = this.#connection;
    this.#connection = undefined;
    await Promise.all([connection?.close(), this.#lookUp?.stop()]);
  }

  async #look(signal: AbortSignal): Promise<PollResult> {
    if (this.#connection !== undefined) return this.#health(this.#connection);
    let first: BenchlabError | undefined;
    for (const path of this.#parts.paths) {
      try {
        const connection = await this.#connect(path, signal);
        if (this.#isStopped) await connection.close();
        else if (!connection.isEnded) this.#connection = connection;
        return { outcome: 'success' };
      } catch (thrown) {
        if (!(thrown instanceof BenchlabError)) throw thrown;
        // Where no agent is, there may be one at the next path; one that is there and wrong is the one to speak of.
        if (thrown.code !== 'NO_DEVICE') return { outcome: 'failure', error: thrown };
        first ??= thrown;
      }
    }
    return first === undefined ? { outcome: 'failure' } : { outcome: 'failure', error: first };
  }

  #connect(path: string, signal: AbortSignal): Promise<AgentConnection> {
    this.#dropped = 0;
    return connectAgent(path, {
      identity: clockIdentity(),
      nowNs: () => this.#parts.clock.nowNs(),
      consumer: this.#consumer,
      signal,
      ended: (sources, error) => this.#ended(sources, error),
    });
  }

  /** A connection that loses something tells so at the pace of the look-ups; else there is nothing to say. */
  #health({ decoder }: AgentConnection): PollResult {
    const dropped = decoder.dropped - this.#dropped;
    if (dropped === 0) return { outcome: 'silent' };
    this.#dropped = decoder.dropped;
    const what = `The agent dropped ${dropped} messages because this process did not read them in time.`;
    return { outcome: 'partial', error: new BenchlabError('BAD_REPLY', what, 'Keep its event loop free.') };
  }

  #ended(sources: readonly Source[], error: BenchlabError): void {
    this.#connection = undefined;
    const timeNs = this.#parts.clock.nowNs();
    for (const source of sources) this.#consumer.lost({ source, timeNs, error });
  }

  #tell(call: (consumer: SampleConsumer) => void): void {
    if (this.#isStopped) return;
    try {
      call(this.#parts.consumer);
    } catch (thrown) {
      diag.error(`${this.#parts.name}: the consumer threw`, thrown);
    }
  }
}
