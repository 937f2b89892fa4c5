import { type Clock, messageOf } from '@benchlab-otel/core';
import type { ClosedSession } from '@benchlab-otel/session';
import type { AgentLogger } from '../agentLog.ts';
import type { Findings } from './findings.ts';
import { type ProcessEnd, type RunProcess, runProcess } from './ownProcess.ts';
import { ownTag, type SessionPlan, type UpkeepPlan } from './recordingPlan.ts';
import { Retry } from './retry.ts';

/** The first look waits until the agent has started. */
const firstRoundNs = 10e9;
const roundNs = 3600e9;
/** A share that is away is tried again. */
const retries = { firstNs: 5e9, longestNs: 300e9 };
/** Sessions whose rows wait to be made again. Of those beyond, the live rows stay. */
const mostWaiting = 100;
/** Pairs of stages that tables are made of: those of the configuration now, and of sessions that were recorded before a reload. */
const mostPairs = 8;

export interface SessionUpkeepParts {
  readonly clock: Clock;
  readonly logger: AgentLogger;
  readonly findings: Findings;
  /** What starts this command itself. */
  readonly program: readonly [string, ...string[]];
  readonly environment: NodeJS.ProcessEnv;
  readonly run?: RunProcess;
}

/**
 * What is done with sessions that are closed: rows are made again, tables go to CapFrameX, old sessions are removed. Each of them
 * reads whole sessions, so that it is done by a process of its own, one at a time, while this one reads devices.
 */
export class SessionUpkeep {
  readonly #parts: SessionUpkeepParts;
  readonly #due: Retry;
  #ending = new AbortController();
  #plan: UpkeepPlan | undefined;
  #unaligned: { readonly folder: string; readonly pair: SessionPlan['pair'] }[] = [];
  /** As options of the command, the latest first. */
  #pairs: readonly string[] = [];
  #running: Promise<void> | undefined;
  #isAsked = false;
  #isStopped = false;

  constructor(parts: SessionUpkeepParts) {
    this.#parts = parts;
    this.#due = new Retry(parts.clock, retries);
  }

  change(plan: UpkeepPlan | undefined): void {
    if (JSON.stringify(plan) === JSON.stringify(this.#plan)) return;
    this.#plan = plan;
    for (const key of ['repair', 'align', 'deliver', 'prune']) this.#parts.findings.clear(key);
    if (plan === undefined) this.#due.cancel();
    else {
      this.#addPair(plan.pair);
      this.#due.after(firstRoundNs, () => this.#ask());
    }
  }

  /** A session was closed. */
  closed({ paths: { folder }, liveRowsBecause }: ClosedSession, pair: SessionPlan['pair']): void {
    if (liveRowsBecause !== undefined && this.#unaligned.length < mostWaiting) this.#unaligned.push({ folder, pair });
    this.#addPair(pair);
    this.#ask();
  }

  /** Ends the process that runs: what it did not do, the next agent does. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#due.cancel();
    this.#ending.abort();
    await this.#running;
  }

  /** After `stop`: makes the rows of the last sessions again, as far as the time reaches. Live rows stay of the others. */
  async finish(ms: number): Promise<void> {
    if (ms === 0) return;
    const timeout = setTimeout(() => this.#ending.abort(), ms);
    this.#ending = new AbortController();
    await this.#align();
    clearTimeout(timeout);
  }

  #addPair(pair: SessionPlan['pair']): void {
    this.#pairs = [...new Set([pairFlag(pair), ...this.#pairs])].slice(0, mostPairs);
  }

  #ask(): void {
    if (this.#isStopped) return;
    this.#isAsked = true;
    this.#running ??= this.#rounds().finally(() => {
      this.#running = undefined;
    });
  }

  async #rounds(): Promise<void> {
    let isWell = true;
    while (this.#isAsked && !this.#isStopped) {
      this.#isAsked = false;
      isWell = await this.#round().catch((error) => {
        this.#parts.findings.set('repair', `Sessions cannot be looked at: ${messageOf(error)}.`);
        return false;
      });
    }
    if (this.#isStopped || this.#plan === undefined) return;
    if (isWell) {
      this.#due.succeeded();
      this.#due.after(roundNs, () => this.#ask());
    } else this.#due.again(() => this.#ask());
  }

  async #round(): Promise<boolean> {
    const plan = this.#plan;
    if (plan === undefined) return true;
    const { dataRoot, deliver, days, rawKeepDays, quotaGb, pair } = plan;
    const cutOff = await cutOffSessions(dataRoot);
    const results = [cutOff.length === 0 || (await this.#do('repair', cutOff))];
    const repaired = results[0] ? cutOff.slice(0, mostWaiting) : [];
    this.#unaligned.push(...repaired.map((folder) => ({ folder, pair })));
    results.push(await this.#align());
    if (deliver !== undefined) {
      const { to, application } = deliver;
      const words = ['--once', `--to=${to}`, `--application=${application}`, `--data-root=${dataRoot}`, ...this.#pairs];
      results.push(await this.#do('deliver', words));
    }
    const quota = quotaGb === undefined ? [] : [`--quota=${quotaGb}GB`];
    const words = [`--data-root=${dataRoot}`, `--days=${days}`, `--raw-keep-days=${rawKeepDays}`, ...quota];
    results.push(await this.#do('prune', words));
    return results.every(Boolean);
  }

  async #align(): Promise<boolean> {
    let isWell = true;
    for (const session of this.#unaligned.splice(0)) {
      if (await this.#do('align', [session.folder, pairFlag(session.pair)])) continue;
      isWell = false;
      this.#unaligned.push(session);
    }
    return isWell;
  }

  /** Whether it succeeded. */
  async #do(what: 'repair' | 'align' | 'deliver' | 'prune', words: readonly string[]): Promise<boolean> {
    if (this.#ending.signal.aborted) return true;
    const { program, environment, findings, run = runProcess } = this.#parts;
    const [command, ...first] = program;
    const end: ProcessEnd = await run(command, [...first, 'sessions', what, ...words], {
      environment,
      signal: this.#ending.signal,
    });
    if (this.#ending.signal.aborted) return true;
    const { code, problem } = end;
    if (code === 0) findings.clear(what, `benchlab-probe sessions ${what} succeeds again.`);
    else findings.set(what, `sessions ${what} failed (${code ?? 'it was ended'}) and is tried again: ${problem}`);
    return code === 0;
  }
}

function pairFlag([from, to]: readonly [string, string]): string {
  return `--pair=${from}:${to}`;
}

/** Sessions of an agent that was killed. */
async function cutOffSessions(dataRoot: string): Promise<readonly string[]> {
  const { listSessions } = await import('@benchlab-otel/session');
  return (await listSessions(dataRoot))
    .filter(({ standing, file }) => standing === 'cut off' && file?.tags.recorder === ownTag.recorder)
    .map(({ folder }) => folder);
}
