import {
  BenchlabError,
  type Clock,
  createReportOnce,
  type GuardedConsumer,
  type Polling,
  type PollReport,
  type PollResult,
  type ReceiverRun,
  type ReportOnce,
  type Source,
  startPolling,
} from '@benchlab-otel/core';
import { type HostAnswer, type HostSession, leftOutFor } from './hostSession.ts';
import { chipGone } from './hwmon.ts';
import { KnownSources } from './knownSources.ts';
import type { HostRequest } from './messages.ts';

export interface HostRunParts {
  readonly name: string;
  /** Outlives a run: what hung is not touched at once again. */
  readonly session: HostSession;
  readonly clock: Clock;
  readonly consumer: GuardedConsumer;
  readonly intervalNs: number;
  /** Of the energy of the processors; undefined where it is not asked for. */
  readonly powerIntervalNs: number | undefined;
}

const rest = 'What is right is read.';
// Longer than the watchdog of the session, twice: one request may wait for the other.
const timeoutNs = 60e9;

/** From one start to one stop: one loop for what changes slowly, and a faster one for the energy of the processors. */
export class HostRun implements ReceiverRun {
  readonly #parts: HostRunParts;
  readonly #report: ReportOnce;
  #host: Polling | undefined;
  #power: Polling | undefined;
  #isStopped = false;
  /** Undefined before the first look. */
  #hasPower: boolean | undefined;
  // An energy counter may hold its first reading back.
  readonly #known = { host: new KnownSources(1), power: new KnownSources(2) };

  constructor(parts: HostRunParts) {
    this.#parts = parts;
    this.#report = createReportOnce(parts.name);
  }

  start(): void {
    this.#host = this.#loop(this.#parts.intervalNs, (signal) => this.#poll(signal));
    this.#startPower();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([this.#host?.stop(), this.#power?.stop()]);
    await this.#parts.session.end();
  }

  /** Before the first look there may be energy counters. Without one, twenty empty polls a second would cost more than the host. */
  #startPower(): void {
    const { powerIntervalNs } = this.#parts;
    if (powerIntervalNs === undefined || this.#isStopped) return;
    this.#power ??= this.#loop(powerIntervalNs, (signal) => this.#pollPower(signal));
  }

  #loop(intervalNs: number, poll: (signal: AbortSignal) => Promise<PollResult>): Polling {
    const { name, clock, consumer } = this.#parts;
    const report = (polled: PollReport) => {
      if (polled.error) this.#report(polled.error.message);
      consumer.polled(polled);
    };
    return startPolling({ receiver: name, clock, intervalNs, timeoutNs, poll, report });
  }

  async #poll(signal: AbortSignal): Promise<PollResult> {
    const answer = await this.#ask('host', signal);
    if (answer === undefined) return { outcome: 'silent' };
    const { problems, hasPower } = answer;
    this.#hasPower = hasPower;
    if (hasPower) this.#startPower();
    const isFound = answer.samples.length > 0;
    const problem = problemOf(problems, this.#parts.session.stuck);
    // All of them in the log, once each; the poll reports the first.
    for (const each of problems) this.#report(`${each}. ${rest}`);
    if (problem !== undefined) return { outcome: isFound ? 'partial' : 'failure', error: problem };
    if (isFound) return { outcome: 'success' };
    if (hasPower) return { outcome: 'silent' };
    const what = 'There is nothing to read below /proc and /sys.';
    return { outcome: 'no_data', error: new BenchlabError('NO_DEVICE', what, 'The host receiver needs Linux.') };
  }

  async #pollPower(signal: AbortSignal): Promise<PollResult> {
    if (this.#hasPower === false) {
      // Here and not where it is seen: a request that is under way would take the thread with it.
      void this.#power?.stop();
      this.#power = undefined;
      return { outcome: 'silent' };
    }
    const answer = await this.#ask('power', signal);
    if (answer === undefined) return { outcome: 'silent' };
    const { samples, powerProblem } = answer;
    if (powerProblem !== undefined) return { outcome: samples.length > 0 ? 'partial' : 'failure', error: powerProblem };
    return { outcome: samples.length > 0 ? 'success' : 'silent' };
  }

  /** Asks, and delivers what came, also what has gone. */
  async #ask(kind: HostRequest['kind'], signal: AbortSignal): Promise<HostAnswer | undefined> {
    const { clock, consumer, session } = this.#parts;
    const known = this.#known[kind];
    try {
      const answer = await session.ask(kind, signal);
      if (answer === undefined) {
        this.#lose(known.failed(clock.nowNs()));
        return undefined;
      }
      for (const source of answer.lost) consumer.lost({ source, timeNs: clock.nowNs(), error: chipGone(source) });
      this.#lose(known.answered(answer, clock.nowNs()));
      for (const sample of answer.samples) consumer.sample(sample);
      return answer;
    } catch (thrown) {
      this.#lose(known.failed(clock.nowNs()));
      throw thrown;
    }
  }

  #lose(sources: readonly Source[]): void {
    for (const source of sources) {
      const error = new BenchlabError('DEVICE_LOST', `${source.id} does not answer any more.`, 'It is tried again.');
      this.#parts.consumer.lost({ source, timeNs: this.#parts.clock.nowNs(), error });
    }
  }
}

function problemOf([first]: readonly string[], [stuck]: readonly string[]): BenchlabError | undefined {
  if (first !== undefined) return new BenchlabError('BAD_REPLY', `${first}.`, rest);
  return stuck === undefined
    ? undefined
    : new BenchlabError('TIMEOUT', `${stuck} did not answer.`, `${leftOutFor(stuck)}.`);
}
