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
import { Backoff } from '../time/backoff.ts';
import { type GpuChoice, isChosen } from './chosenGpus.ts';
import { inWords } from './codes.ts';
import type { LiveGpus } from './liveGpus.ts';
import type { NvmlSession, Opened } from './nvmlSession.ts';
import type { SmiAnswer } from './smi.ts';
import type { SmiSession } from './smiSession.ts';
import type { GpuPoll } from './values.ts';

export interface NvmlRunParts {
  readonly name: string;
  readonly clock: Clock;
  readonly consumer: GuardedConsumer;
  readonly intervalNs: number;
  readonly devices: GpuChoice;
  readonly nvml: NvmlSession;
  readonly smi: SmiSession | undefined;
  /** Outlives a run: GPUs keep their sensors. */
  readonly gpus: LiveGpus;
}

const firstRetryNs = 1e9;
const longestRetryNs = 60e9;
// Longer than the timeouts of NVML, of the end of its worker and of nvidia-smi together: each ends before this.
const timeoutNs = 20e9;
/** A GPU without a value for this long is lost. */
const silentLimitNs = 5e9;

/** From one start to one stop: NVML while it works, nvidia-smi while it does not. */
export class NvmlRun implements ReceiverRun {
  readonly #parts: NvmlRunParts;
  readonly #report: ReportOnce;
  readonly #retry = new Backoff(firstRetryNs, longestRetryNs);
  #polling: Polling | undefined;
  #isOpen = false;
  /** GPUs that answer without a value, and since when. As many as NVML lists. */
  readonly #silentSinceNs = new Map<string, number>();
  /** The list of GPUs came from NVML, not from nvidia-smi. */
  #isListed = false;
  /** GPUs that were chosen do not answer: each poll is partial. */
  #missing: BenchlabError | undefined;
  /** Why NVML is not open or a GPU is lost. NVML is initialised again when a retry is due. */
  #trouble: BenchlabError | undefined;

  constructor(parts: NvmlRunParts) {
    this.#parts = parts;
    this.#report = createReportOnce(parts.name);
  }

  start(): void {
    const { name, clock, consumer, intervalNs } = this.#parts;
    const report = (polled: PollReport) => {
      if (polled.error) this.#report(polled.error.message);
      consumer.polled(polled);
    };
    const poll = (signal: AbortSignal) => this.#poll(signal);
    this.#polling = startPolling({ receiver: name, clock, intervalNs, timeoutNs, poll, report });
  }

  async stop(): Promise<void> {
    await this.#polling?.stop();
    await this.#parts.nvml.end();
  }

  async #poll(signal: AbortSignal): Promise<PollResult> {
    const { clock } = this.#parts;
    const mustOpen = !this.#isOpen || this.#trouble !== undefined;
    if (mustOpen && this.#retry.isDue(clock.nowNs())) {
      const problem = await this.#open(signal);
      if (problem) return this.#fallBack(problem, signal);
    }
    return this.#isOpen ? this.#read(signal) : this.#fallBack(undefined, signal);
  }

  /** Returns what went wrong. */
  async #open(signal: AbortSignal): Promise<BenchlabError | undefined> {
    const { nvml, gpus, clock } = this.#parts;
    try {
      const opened = await nvml.open(signal);
      this.#isOpen = true;
      this.#isListed = true;
      this.#trouble = this.#incomplete(opened);
      if (this.#trouble !== undefined) this.#retry.failed(clock.nowNs());
      for (const denied of opened.denied) this.#report(notReadable(denied).message);
      this.#lose(gpus.found(opened.gpus, opened.driver, 'nvml'), 'NVML does not list it any more.');
      return undefined;
    } catch (thrown) {
      const error = this.#failed(thrown);
      // Without a driver the GPUs are lost. A driver that hangs still has them, and they are silent.
      if (error.code !== 'TIMEOUT' && this.#isListed) this.#lose(gpus.present, error.message);
      this.#isListed = false;
      this.#retry.failed(clock.nowNs());
      return error;
    }
  }

  /** NVML sees only the GPUs that are present when it is initialised. It is initialised again until none is missing. */
  #incomplete({ gpus, silent, missing }: Opened): BenchlabError | undefined {
    this.#missing = missing.length === 0 ? undefined : notThere(missing);
    if (this.#missing !== undefined) return this.#missing;
    if (gpus.length > 0 && silent.length === 0 && !this.#parts.gpus.isMissingAny(gpus)) return undefined;
    const what = silent.length > 0 ? `${silent.join('; ')}.` : 'NVML does not list every GPU that it listed before.';
    const error = new BenchlabError('DEVICE_LOST', what, 'It is looked for again.');
    if (silent.length > 0) this.#report(error.message);
    return error;
  }

  async #read(signal: AbortSignal): Promise<PollResult> {
    try {
      const { polls, hasMore } = await this.#parts.nvml.read(signal);
      const result = this.#deliver(polls);
      // It is initialised again at the next poll, and lists the new GPU then.
      if (hasMore) this.#isOpen = false;
      return result;
    } catch (thrown) {
      const error = this.#failed(thrown);
      this.#retry.failed(this.#parts.clock.nowNs());
      return { outcome: 'failure', error };
    }
  }

  #deliver(polls: readonly GpuPoll[]): PollResult {
    let [delivered, problem]: [number, BenchlabError | undefined] = [0, this.#missing];
    for (const poll of polls) {
      if (poll.lostCode === undefined && poll.restartCode === undefined) {
        const rejected = this.#sample(poll);
        if (rejected === undefined) problem ??= this.#silent(poll);
        else delivered++;
        if (rejected) problem ??= implausible(poll.uuid);
        for (const capability of poll.denied) problem ??= notReadable(`${capability} of ${poll.uuid}`);
        // Each value is logged by name, the poll reports the first.
        for (const refusal of poll.refused) this.#report(refused(poll.uuid, refusal).message);
        if (poll.refused[0] !== undefined) problem ??= refused(poll.uuid, poll.refused[0]);
      } else {
        problem = this.#lost(poll);
      }
    }
    if (this.#trouble === undefined) this.#retry.succeeded();
    if (polls.length === 0) {
      const none = new BenchlabError('NO_DEVICE', 'NVML works and lists no GPU.', 'Check that the GPU is plugged in.');
      return { outcome: 'no_data', error: this.#missing ?? none };
    }
    if (problem === undefined && delivered === polls.length) return { outcome: 'success' };
    return { outcome: delivered > 0 ? 'partial' : 'failure', error: problem ?? noValue('A GPU') };
  }

  /** A GPU that answers, without one value, is lost after a while: its status is failed until a value comes. */
  #silent({ uuid, endNs }: GpuPoll): BenchlabError {
    const error = noValue(uuid);
    const sinceNs = this.#silentSinceNs.get(uuid) ?? endNs;
    this.#silentSinceNs.set(uuid, sinceNs);
    if (endNs - sinceNs >= silentLimitNs) this.#lose(this.#parts.gpus.gone(uuid), error.message);
    return error;
  }

  /** Returns how many values were rejected; undefined when there was no sample. */
  #sample(poll: GpuPoll): number | undefined {
    const taken = this.#parts.gpus.take(poll);
    if (taken === undefined) return undefined;
    this.#silentSinceNs.delete(poll.uuid);
    this.#parts.consumer.sample(taken.sample);
    return taken.rejected;
  }

  /** The GPU has gone, or NVML must be initialised again: soon, and after a longer wait each time. */
  #lost({ uuid, lostCode, restartCode }: GpuPoll): BenchlabError {
    const words = inWords(lostCode ?? restartCode ?? 0);
    const error = new BenchlabError('DEVICE_LOST', `${uuid}: ${words}.`, 'It is looked for again.');
    const { gpus, clock } = this.#parts;
    this.#lose(gpus.gone(uuid), `${words}.`);
    if (this.#trouble === undefined) this.#retry.failed(clock.nowNs());
    this.#trouble = error;
    return error;
  }

  async #fallBack(problem: BenchlabError | undefined, signal: AbortSignal): Promise<PollResult> {
    const { smi, gpus, clock, consumer } = this.#parts;
    if (consumer.isClosed || smi?.isDue(clock.nowNs()) !== true) return failureOf(problem);
    try {
      const answer = await smi.ask(signal);
      const { devices } = this.#parts;
      // nvidia-smi lists them in the order of their indices.
      const chosen = answer.gpus.filter(({ identity }, index) => isChosen(devices, index, identity.uuid));
      const listed = chosen.map(({ identity }) => identity);
      this.#lose(gpus.found(listed, answer.driver, 'nvidia_smi'), 'nvidia-smi does not list it.');
      if (chosen.length === 0) return failureOf(problem);
      return this.#deliverRows({ ...answer, gpus: chosen });
    } catch (thrown) {
      const error = asError(thrown);
      // The reason why NVML cannot be used is reported with the poll. What nvidia-smi answered may explain it.
      if (error.code !== 'NO_REPLY') this.#report(error.message);
      return failureOf(problem ?? error);
    }
  }

  #deliverRows({ gpus, problem: printed }: SmiAnswer & { readonly problem?: BenchlabError }): PollResult {
    let [delivered, problem] = [0, printed];
    for (const { poll } of gpus) {
      const rejected = this.#sample(poll);
      if (rejected === undefined) problem ??= noValue(poll.uuid);
      else delivered++;
      if (rejected) problem ??= implausible(poll.uuid);
    }
    if (problem === undefined) return { outcome: 'success' };
    return { outcome: delivered > 0 ? 'partial' : 'failure', error: problem };
  }

  #failed(thrown: unknown): BenchlabError {
    this.#isOpen = false;
    this.#trouble = asError(thrown);
    return this.#trouble;
  }

  #lose(lost: ReturnType<LiveGpus['gone']>, why: string): void {
    for (const source of lost) {
      this.#parts.gpus.gone(source.id);
      const error = new BenchlabError(
        'DEVICE_LOST',
        `${source.name} (${source.id}) is lost: ${why}`,
        'It is looked for.',
      );
      this.#parts.consumer.lost({ source, timeNs: this.#parts.clock.nowNs(), error });
    }
  }
}

/** Between two attempts there is nothing to report. */
function failureOf(error: BenchlabError | undefined): PollResult {
  if (error === undefined) return { outcome: 'silent' };
  return { outcome: error.code === 'NO_DEVICE' ? 'no_data' : 'failure', error };
}

function asError(thrown: unknown): BenchlabError {
  if (thrown instanceof BenchlabError) return thrown;
  return new BenchlabError('UNSUPPORTED', 'Reading the GPUs failed.', 'Please report it.', { cause: thrown });
}

function implausible(uuid: string): BenchlabError {
  const what = `${uuid}: the driver reported impossible values. They were dropped and counted.`;
  return new BenchlabError('BAD_REPLY', what, 'Update the NVIDIA driver.');
}

function notThere(missing: readonly string[]): BenchlabError {
  const what = `${missing.join(', ')}: chosen, and does not answer.`;
  return new BenchlabError('NO_DEVICE', what, 'Check the choice of GPUs: nvidia-smi -L lists those of this host.');
}

function noValue(which: string): BenchlabError {
  return new BenchlabError('NO_REPLY', `${which} reported no value at all.`, 'Check the NVIDIA driver.');
}

/** @param refusal a value and the reason */
function refused(uuid: string, refusal: string): BenchlabError {
  const what = `${uuid} gives a value no longer that it gave before: ${refusal}.`;
  return new BenchlabError('NO_REPLY', what, 'It is asked for again. Check the kernel log for the NVIDIA driver.');
}

function notReadable(what: string): BenchlabError {
  return new BenchlabError('NO_PERMISSION', `No permission for ${what}.`, 'Run as a user who may read the GPU.');
}
