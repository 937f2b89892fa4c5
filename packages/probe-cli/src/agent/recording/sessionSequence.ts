import { readdir } from 'node:fs/promises';
import { type Clock, messageOf } from '@benchlab-otel/core';
import type { ClosedSession, SessionRecorder, SessionRecorderOptions } from '@benchlab-otel/session';
import type { AgentLogger } from '../agentLog.ts';
import type { Findings } from './findings.ts';
import type { SessionPlan } from './recordingPlan.ts';
import { Retry } from './retry.ts';

/** A folder that cannot be made is tried again. */
const retries = { firstNs: 5e9, longestNs: 300e9 };
const nsPerHour = 3600e9;
/**
 * Up to this number of lines rows are made again in this process, which they kept from other work for 40 ms at one time, less than
 * a period of 10 Hz; 50,000 lines did for up to 200 ms. Those of a longer session are left to a process of their own.
 */
const mostLinesAgain = 10_000;
/** The end of a session is not packed: a quarter of the usual segment, because an agent has many sessions. */
const segmentBytes = 16 * 1024 * 1024;
const findingKey = 'session';

export interface SessionSequenceParts {
  readonly clock: Clock;
  readonly logger: AgentLogger;
  readonly findings: Findings;
  /** The recorder that takes the lines has changed. `before` takes no more of them. */
  changed(before: SessionRecorder | undefined): void;
  closed(session: ClosedSession, pair: SessionPlan['pair']): void;
}

interface OpenSession {
  readonly recorder: SessionRecorder;
  readonly pair: SessionPlan['pair'];
}

/** One session after the other: the next one is open before the one before is closed, so that no sample falls between. */
export class SessionSequence {
  readonly #parts: SessionSequenceParts;
  readonly #due: Retry;
  #plan: SessionPlan | undefined;
  #open: OpenSession | undefined;
  #isStopped = false;
  #hasOpened = false;
  #last: Promise<unknown> = Promise.resolve();
  #closing: Promise<unknown> = Promise.resolve();

  constructor(parts: SessionSequenceParts) {
    this.#parts = parts;
    this.#due = new Retry(parts.clock, retries);
  }

  /** The session that is being recorded. */
  get current(): SessionRecorder | undefined {
    return this.#open?.recorder;
  }

  /** Records as the plan asks; without one, nothing. Resolves once that is so, or could not be done. Never rejects. */
  change(plan: SessionPlan | undefined): Promise<void> {
    return this.#inTurn(async () => {
      if (JSON.stringify(plan) === JSON.stringify(this.#plan)) return;
      this.#plan = plan;
      if (plan === undefined) this.#leave();
      else await this.#next();
    });
  }

  /** Closes the session. Resolves when it and those before are on the disk. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#inTurn(async () => this.#leave());
    await this.#closing;
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(task);
    this.#last = turn;
    return turn;
  }

  /** Takes the next recorder, and closes the one before. When none can be opened, the one before records on. */
  async #next(): Promise<void> {
    const { findings, logger } = this.#parts;
    const plan = this.#plan;
    if (plan === undefined || this.#isStopped) return;
    const again = () => void this.#inTurn(() => this.#next());
    try {
      const recorder = await this.#opened(plan);
      this.#swap({ recorder, pair: plan.pair });
      this.#due.succeeded();
      this.#due.after(plan.hours * nsPerHour, again);
      const { folder } = recorder.paths;
      const repaired = recorder.repairs.length > 0 && { repaired: recorder.repairs };
      logger.info({ session: folder, ...repaired }, `The session ${folder} is recorded.`);
      findings.clear(findingKey, 'Sessions are recorded again.');
    } catch (error) {
      findings.set(findingKey, `No session can be opened: ${messageOf(error)} It is tried again.`);
      this.#due.again(again);
    }
  }

  #leave(): void {
    this.#due.cancel();
    this.#parts.findings.clear(findingKey);
    this.#swap(undefined);
  }

  #swap(next: OpenSession | undefined): void {
    const before = this.#open;
    this.#open = next;
    this.#parts.changed(before?.recorder);
    if (before !== undefined) this.#closing = Promise.all([this.#closing, this.#close(before.recorder, before.pair)]);
  }

  async #close(recorder: SessionRecorder, pair: SessionPlan['pair']): Promise<void> {
    const { logger, closed } = this.#parts;
    try {
      const session = await recorder.close();
      const { lines, rows, liveRowsBecause } = session;
      const { dropped, late, refused } = recorder;
      const counts = { lines, rows, dropped, late, refused: refused?.count ?? 0 };
      const { folder } = session.paths;
      const how = liveRowsBecause === undefined ? '' : ` Its rows were made while it was recorded: ${liveRowsBecause}.`;
      logger.info({ session: folder, ...counts }, `The session ${folder} is closed.${how}`);
      closed(session, pair);
    } catch (error) {
      logger.warn({ session: recorder.paths.folder }, messageOf(error));
    }
  }

  /** The session package is loaded where something is recorded: it takes 20 MiB. */
  async #opened({ dataRoot, name, pair, tags }: SessionPlan): Promise<SessionRecorder> {
    const { sessionRecorder, sessionsFolder } = await import('@benchlab-otel/session');
    const { clock, logger } = this.#parts;
    const onTrouble = (what: string) => logger.warn({}, what);
    const bounds = { mostLinesAgain, segmentBytes };
    const options: SessionRecorderOptions = { dataRoot, pairs: [pair], tags, clock, onTrouble, ...bounds };
    const isFirst = !this.#hasOpened;
    const names = name === undefined ? [undefined] : await freeNames(sessionsFolder(dataRoot), name, isFirst);
    const opened = await firstOpened(names, (each) =>
      sessionRecorder(each === undefined ? options : { ...options, name: each }),
    );
    this.#hasOpened = true;
    return opened;
  }
}

/** The names to try: that of a recording that an agent before may have left cut off, then one that is free. */
async function freeNames(folder: string, name: string, mayContinue: boolean): Promise<readonly string[]> {
  const taken = new Set(await readdir(folder).catch((): string[] => []));
  if (!taken.has(name)) return [name];
  let number = 2;
  while (taken.has(`${name}-${number}`)) number++;
  const latest = number === 2 ? name : `${name}-${number - 1}`;
  return mayContinue ? [latest, `${name}-${number}`] : [`${name}-${number}`];
}

/** @throws the error of the last one */
async function firstOpened<Name>(
  [name, ...others]: readonly Name[],
  open: (name: Name | undefined) => Promise<SessionRecorder>,
): Promise<SessionRecorder> {
  try {
    return await open(name);
  } catch (error) {
    // It was closed, or was recorded before the host started again.
    if (others.length === 0) throw error;
    return firstOpened(others, open);
  }
}
