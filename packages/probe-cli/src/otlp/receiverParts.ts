import type { Socket } from 'node:net';
import type { SignalStore } from '@benchlab-otel/analysis';
import { messageOf } from '@benchlab-otel/core';
import { Connections } from '@benchlab-otel/wire';
import { ByteBudget } from './byteBudget.ts';
import { Intake } from './intake.ts';
import { maxConnections, maxRequestBytes, maxUnderWayBytes, prefixBytes } from './limits.ts';
import { Refusal } from './refusal.ts';
import type { RequestHeaders, Senders } from './senders.ts';
import { type Signal, signals } from './signals.ts';

const largestBodyBytes = maxRequestBytes + prefixBytes;

/** What both protocols of the receiver share: who may send, what is under way, what is counted. */
export class ReceiverParts {
  readonly signals: readonly Signal[] = signals;
  readonly senders: Senders;
  readonly connections: Connections = new Connections(maxConnections);
  /** For requests as they are received. What remains is for the one that is being decompressed. */
  readonly budget: ByteBudget = new ByteBudget(maxUnderWayBytes - maxRequestBytes - largestBodyBytes, largestBodyBytes);
  readonly intake: Intake;
  readonly #store: SignalStore;
  #underWay = 0;

  constructor(store: SignalStore, senders: Senders) {
    this.#store = store;
    this.senders = senders;
    this.intake = new Intake(store);
  }

  /** Requests of the run that have no answer yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** A request whose headers cannot be read: one of the run where its connection has sent the header of the run before. */
  unreadable(socket: Socket): void {
    if (this.connections.isProven(socket)) this.#store.refuse();
    else this.#store.stranger();
  }

  /**
   * The answer to a request whose headers were read.
   *
   * @param find the signal that it is about
   * @param take reads the rest of it
   * @throws Refusal, which was counted
   */
  async answerTo<Answer>(
    headers: RequestHeaders,
    socket: Socket,
    find: () => Signal,
    take: (signal: Signal) => Promise<Answer>,
  ): Promise<Answer> {
    let signal: Signal | undefined;
    let isAdmitted = false;
    try {
      this.senders.checkHeader(headers);
      isAdmitted = true;
      this.#underWay++;
      this.connections.proven(socket);
      this.#store.active();
      signal = find();
      this.senders.checkWay(headers);
      return await take(signal);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('malformed', messageOf(error));
      // Those of strangers are counted apart: they have nothing to do with the run.
      if (refusal.isStranger) this.#store.stranger();
      else this.#store.refuse(signal?.name, refusal.reason === 'foreign');
      throw refusal;
    } finally {
      if (isAdmitted) this.#underWay--;
    }
  }
}
