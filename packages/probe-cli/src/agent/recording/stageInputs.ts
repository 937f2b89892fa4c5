import { type Clock, messageOf, type StageConsumer, type StageRejection, type StageSource } from '@benchlab-otel/core';
import { jsonlStages } from '@benchlab-otel/wire';
import type { AgentLogger } from '../agentLog.ts';
import type { Findings } from './findings.ts';
import { Retry } from './retry.ts';

const retries = { firstNs: 1e9, longestNs: 60e9 };
/** Refused lines of one address are logged again after this time, ns. */
const repeatNs = 600e9;

export interface StageInputParts {
  readonly clock: Clock;
  readonly logger: AgentLogger;
  readonly findings: Findings;
  readonly consumer: StageConsumer;
}

interface Input {
  readonly source: StageSource;
  readonly retry: Retry;
}

/** The addresses at which pipelines write stage events. One that cannot be read is tried again, and the others are read on. */
export class StageInputs {
  readonly #parts: StageInputParts;
  readonly #inputs = new Map<string, Input>();
  /** Addresses that have no right form. */
  readonly #refused: string[] = [];

  constructor(parts: StageInputParts) {
    this.#parts = parts;
  }

  /** Stops what is gone, starts what is new, and does not touch the rest. */
  async replace(addresses: readonly string[]): Promise<void> {
    const gone = [...this.#inputs].filter(([address]) => !addresses.includes(address));
    for (const address of this.#refused.splice(0)) this.#parts.findings.clear(keyOf(address));
    await Promise.all(gone.map(([address, input]) => this.#end(address, input)));
    await Promise.all(addresses.filter((address) => !this.#inputs.has(address)).map((address) => this.#begin(address)));
  }

  #begin(address: string): Promise<void> {
    const { clock, findings } = this.#parts;
    try {
      const input: Input = { source: jsonlStages({ from: address, clock }), retry: new Retry(clock, retries) };
      this.#inputs.set(address, input);
      return this.#start(address, input);
    } catch (error) {
      // The path of the socket next to that of the samples may be too long.
      this.#refused.push(address);
      findings.set(keyOf(address), `Stage events at ${address} cannot be read: ${messageOf(error)}`);
      return Promise.resolve();
    }
  }

  async #start(address: string, input: Input): Promise<void> {
    const isOver = () => this.#inputs.get(address) !== input;
    const failed = (why: string) => {
      if (isOver()) return;
      this.#parts.findings.set(keyOf(address), `Stage events at ${address} cannot be read: ${why} It is tried again.`);
      input.retry.again(() => void this.#start(address, input));
    };
    try {
      await input.source.start(this.#consumer(failed));
      if (isOver()) return await input.source.stop();
      input.retry.succeeded();
      this.#parts.findings.clear(keyOf(address), `Stage events at ${address} are read.`);
    } catch (error) {
      failed(messageOf(error));
    }
  }

  async #end(address: string, { source, retry }: Input): Promise<void> {
    this.#inputs.delete(address);
    this.#parts.findings.clear(keyOf(address));
    retry.cancel();
    await source.stop().catch(() => undefined);
  }

  #consumer(failed: (why: string) => void): StageConsumer {
    const { consumer } = this.#parts;
    let loggedNs = Number.NEGATIVE_INFINITY;
    return {
      stage: (event) => consumer.stage(event),
      rejected: (rejection) => {
        consumer.rejected?.(rejection);
        loggedNs = this.#logRejected(rejection, loggedNs);
      },
      ended: ({ error }) => failed(error?.message ?? 'it has ended.'),
    };
  }

  #logRejected({ source, count, reason }: StageRejection, loggedNs: number): number {
    const { clock, logger } = this.#parts;
    const nowNs = clock.nowNs();
    if (nowNs - loggedNs < repeatNs) return loggedNs;
    logger.warn({ source, count }, `${source}: ${count} lines are refused so far. The last: ${reason}`);
    return nowNs;
  }
}

function keyOf(address: string): string {
  return `stages ${address}`;
}
