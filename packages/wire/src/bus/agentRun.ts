import {
  BenchlabError,
  type Clock,
  type GuardedConsumer,
  type Polling,
  type PollResult,
  type ReceiverRun,
  type Source,
  startPolling,
} from '@benchlab-otel/core';
import { AgentClock } from './agentClock.ts';
import { type AgentConnection, connectAgent } from './agentConnection.ts';
import { clockIdentity } from './clockIdentity.ts';

export interface AgentRunParts {
  readonly name: string;
  /** Tried in this order. */
  readonly paths: readonly string[];
  readonly clock: Clock;
  readonly consumer: GuardedConsumer;
}

// A connection costs next to nothing, and an agent that is restarted is back within a second or two.
const lookUp = { intervalNs: 0.5e9, maxIntervalNs: 4e9, timeoutNs: 5e9 };

/** From one start to one stop: keeps a connection to the agent and passes on what comes over it. */
export class AgentRun implements ReceiverRun {
  readonly #parts: AgentRunParts;
  #lookUp: Polling | undefined;
  #connection: AgentConnection | undefined;
  #dropped = 0;
  #impossible = 0;

  constructor(parts: AgentRunParts) {
    this.#parts = parts;
  }

  start(): void {
    const { name, clock, consumer } = this.#parts;
    this.#lookUp = startPolling({
      receiver: name,
      clock,
      ...lookUp,
      poll: (signal) => this.#look(signal),
      report: (report) => consumer.polled(report),
    });
  }

  async stop(): Promise<void> {
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
        if (this.#parts.consumer.isClosed) await connection.close();
        else if (!connection.isEnded) this.#connection = connection;
        return { outcome: 'success' };
      } catch (thrown) {
        if (!(thrown instanceof BenchlabError)) throw thrown;
        // Without an agent at this path there may be one at the next. An agent that answers wrongly is the one to report.
        if (thrown.code !== 'NO_DEVICE') return { outcome: 'failure', error: thrown };
        first ??= thrown;
      }
    }
    return first === undefined ? { outcome: 'failure' } : { outcome: 'failure', error: first };
  }

  #connect(path: string, signal: AbortSignal): Promise<AgentConnection> {
    this.#dropped = 0;
    this.#impossible = 0;
    const { consumer } = this.#parts;
    const agentClock = new AgentClock();
    return connectAgent(path, {
      identity: clockIdentity(),
      nowNs: () => this.#parts.clock.nowNs(),
      consumer: {
        sample: (sample) => consumer.sample(agentClock.withReadings(sample)),
        lost: (loss) => consumer.lost(loss),
        polled: (report) => consumer.polled(report),
        event: (event) => consumer.event(event),
      },
      signal,
      greeted: (bracket) => {
        agentClock.bracket = bracket;
      },
      ended: (sources, error) => this.#ended(sources, error),
    });
  }

  /** A connection that lost something reports it at the pace of the look-ups. Otherwise there is nothing to report. */
  #health({ decoder }: AgentConnection): PollResult {
    const impossible = decoder.impossible - this.#impossible;
    this.#impossible = decoder.impossible;
    if (impossible > 0) {
      const what = `The agent sent ${impossible} samples or events with impossible times or powers. They were refused.`;
      return { outcome: 'partial', error: new BenchlabError('BAD_REPLY', what, 'Check which program has the socket.') };
    }
    const dropped = decoder.dropped - this.#dropped;
    if (dropped === 0) return { outcome: 'silent' };
    this.#dropped = decoder.dropped;
    const what = `The agent dropped ${dropped} messages because this process did not read them in time.`;
    return { outcome: 'partial', error: new BenchlabError('BAD_REPLY', what, 'Keep its event loop free.') };
  }

  #ended(sources: readonly Source[], error: BenchlabError): void {
    this.#connection = undefined;
    const { clock, consumer } = this.#parts;
    const timeNs = clock.nowNs();
    for (const source of sources) consumer.lost({ source, timeNs, error });
  }
}
