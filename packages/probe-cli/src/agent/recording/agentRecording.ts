import {
  attribute,
  type Clock,
  metric,
  type Sample,
  type SampleConsumer,
  type SelfCount,
  type SourceLoss,
  type StageConsumer,
  type StageEvent,
  type StageRejection,
  type StageSource,
} from '@benchlab-otel/core';
import { emulatedStages } from '@benchlab-otel/emulator';
import type { SessionRecorder } from '@benchlab-otel/session';
import type { CommandHost } from '../../host/commandHost.ts';
import type { AgentLogger } from '../agentLog.ts';
import { Findings } from './findings.ts';
import type { RunProcess } from './ownProcess.ts';
import type { RecordingPlan } from './recordingPlan.ts';
import { SessionSequence } from './sessionSequence.ts';
import { SessionUpkeep } from './sessionUpkeep.ts';
import { StageInputs } from './stageInputs.ts';

/** Time that a reload waits for the folder of a session, and that a stop has for the last lines, ms: a dead share takes for ever. */
const [changeMs, stopMs] = [3_000, 4_000];

type RecordingHost = Pick<CommandHost, 'clock' | 'program' | 'environment'>;

/** Records what the agent reads, and the stages of pipelines. What goes wrong in it is a finding, and stops nothing else. */
export class AgentRecording implements SampleConsumer, StageConsumer {
  readonly #clock: Clock;
  readonly #findings: Findings;
  readonly #sessions: SessionSequence;
  readonly #stages: StageInputs;
  readonly #upkeep: SessionUpkeep;
  readonly #onward: StageConsumer | undefined;
  #emulated: { readonly key: string; readonly source: StageSource } | undefined;
  /** Dropped frames of the sessions before, by pair: a counter does not fall when a session ends. */
  readonly #dropped = new Map<unknown, number>();

  /**
   * @param more `run` starts processes, those of the system unless named; `stages` gets the stage events too
   */
  constructor(
    { clock, program, environment }: RecordingHost,
    logger: AgentLogger,
    { run, stages }: { readonly run?: RunProcess | undefined; readonly stages?: StageConsumer | undefined } = {},
  ) {
    this.#clock = clock;
    this.#onward = stages;
    this.#findings = new Findings(logger);
    const parts = { clock, logger, findings: this.#findings };
    this.#upkeep = new SessionUpkeep({ ...parts, program, environment, ...(run && { run }) });
    this.#sessions = new SessionSequence({
      ...parts,
      changed: (before) => this.#keepCounts(before),
      closed: (session, pair) => this.#upkeep.closed(session, pair),
    });
    this.#stages = new StageInputs({ ...parts, consumer: this });
  }

  /** What is wrong with it now. */
  get findings(): readonly string[] {
    const { current } = this.#sessions;
    if (current?.trouble === undefined) return this.#findings.all;
    return [...this.#findings.all, `${current.paths.folder} cannot be written: ${current.trouble}`];
  }

  /** The folder of the session that is being recorded. */
  get folder(): string | undefined {
    return this.#sessions.current?.paths.folder;
  }

  /** Records as the plan asks; without one, nothing. What did not change is not touched. Never rejects. */
  async change(plan: RecordingPlan | undefined): Promise<void> {
    this.#upkeep.change(plan?.upkeep);
    const changed = Promise.all([this.#sessions.change(plan?.session), this.#stages.replace(plan?.stages ?? [])]);
    await this.#emulate(plan?.simulate ? plan.session.pair : undefined);
    await within(changeMs, changed);
  }

  /** Closes the session. */
  async stop(): Promise<void> {
    const endMs = performance.now() + stopMs;
    await this.#emulate(undefined);
    await within(stopMs, Promise.all([this.#stages.replace([]), this.#sessions.stop(), this.#upkeep.stop()]));
    await this.#upkeep.finish(Math.max(0, endMs - performance.now()));
  }

  sample(sample: Sample): void {
    this.#sessions.current?.sample(sample);
  }

  lost(loss: SourceLoss): void {
    this.#sessions.current?.lost(loss);
  }

  stage(event: StageEvent): void {
    this.#sessions.current?.stage(event);
    this.#onward?.stage(event);
  }

  rejected(rejection: StageRejection): void {
    this.#sessions.current?.rejected(rejection);
  }

  counts(): readonly SelfCount[] {
    return (this.#sessions.current?.counts() ?? []).map((count) =>
      isDropped(count) ? { ...count, value: count.value + (this.#dropped.get(pairOf(count)) ?? 0) } : count,
    );
  }

  /** A pipeline between these stages is emulated; without them, none. The same one runs on: its frames are numbered once. */
  async #emulate(stages: readonly [string, string] | undefined): Promise<void> {
    const key = stages?.join(':');
    if (this.#emulated?.key === key) return;
    const before = this.#emulated?.source;
    this.#emulated = undefined;
    await before?.stop();
    if (stages === undefined || key === undefined) return;
    const source = emulatedStages({ stages, clock: this.#clock });
    this.#emulated = { key, source };
    await source.start(this);
  }

  /** Frames that are under way when the session changes are not counted: whether they arrive is not known. */
  #keepCounts(before: SessionRecorder | undefined): void {
    for (const count of before?.counts() ?? []) {
      const pair = pairOf(count);
      if (isDropped(count)) this.#dropped.set(pair, (this.#dropped.get(pair) ?? 0) + count.value);
    }
  }
}

function isDropped({ definition }: SelfCount): boolean {
  return definition === metric.benchlabPipelineFramesDropped;
}

function pairOf({ attributes }: SelfCount): unknown {
  return attributes?.[attribute.pair];
}

async function within(ms: number, task: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([task, late]);
  clearTimeout(timer);
}
