import { BenchlabError, type Clock, type Sample, type Source } from '@benchlab-otel/core';
import { NumberedReader } from '../thread/numberedSamples.ts';
import { Backoff } from '../time/backoff.ts';
import { watch } from '../time/watchdog.ts';
import type { HostStart, HostWorker, StartHostWorker } from './hostWorker.ts';
import type { HostReply, HostRequest } from './messages.ts';
import type { RaplMarks } from './rapl.ts';

export interface HostAnswer extends Pick<HostReply, 'problems' | 'hasPower'> {
  readonly samples: readonly Sample[];
  readonly lost: readonly Source[];
  readonly powerProblem?: BenchlabError;
  /** Another number after the thread was replaced: what it found before may be gone. */
  readonly thread: number;
}

interface LiveThread {
  readonly number: number;
  readonly worker: HostWorker;
  readonly reader: NumberedReader;
}

/** A file that takes longer than this hangs. */
const patienceNs = 2e9;
/** A thread that reads on, file by file, or is only starting, is waited for this long. */
const longestNs = 20e9;
/** A file that hung is tried again. Each try may cost a thread. */
const [firstRetryNs, longestRetryNs] = [60e9, 3600e9];
/** A thread that ends by itself is started again after this: it may end at once each time. */
const [firstRestartNs, longestRestartNs] = [1e9, 60e9];
/** The most threads that may hang in the kernel. Then nothing that hung is tried again until one returns. */
const maxHanging = 3;

/** The host behind its thread: starts it, watches it, and abandons it when a file does not answer. */
export class HostSession {
  readonly #start: HostStart;
  readonly #startWorker: StartHostWorker;
  readonly #clock: Clock;
  readonly #hanging = new Set<Promise<unknown>>();
  /** What hung, at which file, and when it may be tried again. */
  readonly #stuck = new Map<string, { readonly path: string; readonly backoff: Backoff }>();
  #live: LiveThread | undefined;
  #threads = 0;
  #marks: RaplMarks | undefined;
  readonly #restart = new Backoff(firstRestartNs, longestRestartNs);
  #turn: Promise<unknown> = Promise.resolve();

  constructor(start: HostStart, startWorker: StartHostWorker, clock: Clock) {
    this.#start = start;
    this.#startWorker = startWorker;
    this.#clock = clock;
  }

  /** Files and folders that did not answer, and that are left out until they are tried again. */
  get stuck(): readonly string[] {
    return [...this.#stuck.keys()];
  }

  /**
   * One request at a time: a second waits for the first. Undefined while a thread that ended by itself is not yet started again.
   *
   * @throws BenchlabError when a file hangs, the thread ends or cannot be started, or `signal` aborts
   */
  ask(kind: HostRequest['kind'], signal: AbortSignal): Promise<HostAnswer | undefined> {
    const answer = this.#turn.then(() => this.#ask(kind, signal));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  /** Releases the thread, within about a second. */
  async end(): Promise<void> {
    await this.#release();
    // Energy that is used between two runs is not measured.
    this.#marks = undefined;
  }

  async #release(): Promise<void> {
    const worker = this.#live?.worker;
    this.#live = undefined;
    const hanging = (await worker?.end())?.hanging;
    if (hanging === undefined) return;
    this.#hanging.add(hanging);
    const returned = () => void this.#hanging.delete(hanging);
    hanging.then(returned, returned);
  }

  async #ask(kind: HostRequest['kind'], signal: AbortSignal): Promise<HostAnswer | undefined> {
    if (signal.aborted) throw ended();
    const nowNs = this.#clock.nowNs();
    if (this.#live === undefined && !this.#restart.isDue(nowNs)) return undefined;
    this.#checkHanging();
    const canTry = this.#hanging.size < maxHanging;
    const leftOut = this.stuck.filter((unit) => !canTry || this.#stuck.get(unit)?.backoff.isDue(nowNs) !== true);
    const tried = [...this.#stuck].flatMap(([unit, { path }]) => (leftOut.includes(unit) ? [] : path));
    const { live, reply } = await this.#replyTo({ kind, leftOut, tried }, signal);
    if (reply === undefined) throw await this.#abandon(live.worker, signal);
    this.#restart.succeeded();
    this.#answered(reply.answered);
    this.#marks = reply.marks ?? this.#marks;
    return { ...answerOf(reply, live.reader), thread: live.number };
  }

  /** Without a reply when a file hangs or `signal` aborts. */
  async #replyTo(
    request: HostRequest,
    signal: AbortSignal,
  ): Promise<{ readonly live: LiveThread; readonly reply: HostReply | undefined }> {
    try {
      const live = this.#open();
      return { live, reply: await this.#answer(live.worker, request, signal) };
    } catch (cause) {
      await this.#release();
      this.#restart.failed(this.#clock.nowNs());
      if (cause instanceof BenchlabError) throw cause;
      const what = 'The thread that reads the host ended by itself.';
      throw new BenchlabError('DEVICE_LOST', what, 'It is started again.', { cause });
    }
  }

  /** Only the file that hung shows that its device is well again: an answer may have left it alone. */
  #answered(paths: readonly string[]): void {
    for (const [unit, { path }] of this.#stuck) if (paths.includes(path)) this.#stuck.delete(unit);
  }

  /** Undefined when a file hangs or `signal` aborts. A thread that reads on is waited for. */
  async #answer(worker: HostWorker, request: HostRequest, signal: AbortSignal): Promise<HostReply | undefined> {
    const answer = worker.ask(request);
    answer.catch(() => undefined); // it may end after it was given up
    for (let waitedNs = 0; waitedNs < longestNs; waitedNs += patienceNs) {
      const before = worker.place.operations;
      const watched = await watch(answer, this.#clock, patienceNs, signal);
      if (watched.kind === 'answer') return watched.value;
      if (watched.kind === 'aborted') return undefined;
      if (worker.place.operations === before && worker.place.path !== '') return undefined;
    }
    return undefined;
  }

  async #abandon(worker: HostWorker, signal: AbortSignal): Promise<BenchlabError> {
    const { path } = worker.place;
    await this.#release();
    if (signal.aborted) return ended();
    if (path === '') {
      const what = `The thread that reads the host did not answer within ${longestNs / 1e9} s.`;
      return new BenchlabError('TIMEOUT', what, 'It is started again.');
    }
    const unit = unitOf(path);
    const backoff = this.#stuck.get(unit)?.backoff ?? new Backoff(firstRetryNs, longestRetryNs);
    backoff.failed(this.#clock.nowNs());
    this.#stuck.set(unit, { path, backoff });
    return new BenchlabError('TIMEOUT', `${path} does not answer.`, `${leftOutFor(unit)}.`);
  }

  #checkHanging(): void {
    if (this.#live !== undefined || this.#hanging.size <= maxHanging) return;
    const what = `${this.#hanging.size} reads of files of the host hang.`;
    throw new BenchlabError('TIMEOUT', what, 'The host is not read until one returns. Restart the host.');
  }

  #open(): LiveThread {
    if (this.#live !== undefined) return this.#live;
    const worker = this.#startWorker({ ...this.#start, ...(this.#marks && { marks: this.#marks }) });
    this.#live = { number: ++this.#threads, worker, reader: new NumberedReader() };
    return this.#live;
  }
}

/** In words, for messages. */
export function leftOutFor(unit: string): string {
  return `${unit} is left out and tried again later. Look for its driver in the kernel log`;
}

/** A sensor chip and an energy counter are one device each: none of their files is touched. */
function unitOf(path: string): string {
  return /^(\/sys\/class\/(hwmon|powercap)\/[^/]+)\//.exec(path)?.[1] ?? path;
}

function answerOf(
  { numbered, problems, hasPower, powerProblem }: HostReply,
  reader: NumberedReader,
): Omit<HostAnswer, 'thread'> {
  const base = { ...reader.decode(numbered), problems, hasPower };
  if (powerProblem === undefined) return base;
  const { code, what, fix } = powerProblem;
  return { ...base, powerProblem: new BenchlabError(code, what, fix) };
}

function ended(): BenchlabError {
  return new BenchlabError('DEVICE_LOST', 'Reading the host was ended.', 'Start the receiver again.');
}
