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
  startPolling,
} from '@benchlab-otel/core';
import { type HostAnswer, type HostSession, leftOutFor } from './hostSession.ts';
import { chipGone } from './hwmon.ts';

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
  #polls: readonly Polling[] = [];
  /** Undefined before the first look. */
  #hasPower: boolean | undefined;

  constructor(parts: HostRunParts) {
    this.#parts = parts;
    this.#report = createReportOnce(parts.name);
  }

  start(): void {
    const { intervalNs, powerIntervalNs } = this.#parts;
    const loops = [this.#loop(intervalNs, (signal) => this.#poll(signal))];
    if (powerIntervalNs !== undefined) loops.push(this.#loop(powerIntervalNs, (signal) => this.#pollPower(signal)));
    this.#polls = loops;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#polls.map((polling) => polling.stop()));
    await this.#parts.session.end();
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
    const answer = await this.#parts.session.ask('host', signal);
    this.#hasPower = answer.hasPower;
    this.#deliver(answer);
    const { problems, hasPower } = answer;
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
    if (this.#hasPower === false) return { outcome: 'silent' };
    const answer = await this.#parts.session.ask('power', signal);
    this.#deliver(answer);
    const { samples, powerProblem } = answer;
    if (powerProblem !== undefined) return { outcome: samples.length > 0 ? 'partial' : 'failure', error: powerProblem };
    return { outcome: samples.length > 0 ? 'success' : 'silent' };
  }

  #deliver({ samples, lost }: HostAnswer): void {
    const { clock, consumer } = this.#parts;
    for (const source of lost) consumer.lost({ source, timeNs: clock.nowNs(), error: chipGone(source) });
    for (const sample of samples) consumer.sample(sample);
  }
}

function problemOf([first]: readonly string[], [stuck]: readonly string[]): BenchlabError | undefined {
  if (first !== undefined) return new BenchlabError('BAD_REPLY', `${first}.`, rest);
  return stuck === undefined
    ? undefined
    : new BenchlabError('TIMEOUT', `${stuck} did not answer.`, `${leftOutFor(stuck)}.`);
}
