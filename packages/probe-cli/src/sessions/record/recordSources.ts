import {
  BenchlabError,
  type Clock,
  messageOf,
  type Receiver,
  type StageConsumer,
  type StageEnd,
  type StageSource,
} from '@benchlab-otel/core';
import { gstStages, rawClock } from '@benchlab-otel/hw-receivers';
import { rawTimes, timesOfDayNow } from '@benchlab-otel/session';
import { agentReceiver, jsonlStages, type TimeTranslation } from '@benchlab-otel/wire';
import type { CommandHost } from '../../host/commandHost.ts';
import type { RecordOptions } from './recordOptions.ts';

/** All that a recording reads. Nothing is started yet. */
export interface RecordSources {
  readonly stages: readonly StageSource[];
  readonly receivers: readonly Receiver[];
}

/** @throws BenchlabError BAD_OPTION when nothing is named, or a name is wrong */
export async function recordSources(
  host: CommandHost,
  options: RecordOptions,
  pipeline: readonly string[],
): Promise<RecordSources> {
  const { agent, from, stage } = options;
  if (agent === undefined && from.length === 0 && pipeline.length === 0) {
    const fix = 'Name at least one of --agent, --from ADDRESS, and a pipeline after --.';
    throw new BenchlabError('BAD_OPTION', 'There is nothing to record.', fix);
  }
  const twice = from.find((address, at) => from.indexOf(address) !== at);
  if (twice !== undefined) throw new BenchlabError('BAD_OPTION', `--from ${twice} is given twice.`, 'Name it once.');
  if (options.fromClock !== undefined && from.length === 0) {
    throw new BenchlabError(
      'BAD_OPTION',
      '--from-clock has nothing to read.',
      'Name what it is the clock of: --from ADDRESS.',
    );
  }
  const translate = await translationOf(host.clock, options.fromClock);
  const jsonl = from.map((address) =>
    jsonlStages({
      from: address === '-' ? host.input.stream() : address,
      clock: host.clock,
      ...(translate && { translate }),
    }),
  );
  const gst = { pipeline, ...(stage.length === 0 ? {} : { stages: stage }) };
  return {
    stages: [...jsonl, ...(pipeline.length === 0 ? [] : [gstStages(gst, host.findProgram)])],
    receivers: agent === undefined ? [] : [agentReceiver(agent === true ? {} : { path: agent })],
  };
}

async function translationOf(clock: Clock, name: RecordOptions['fromClock']): Promise<TimeTranslation | undefined> {
  if (name === 'monotonic-raw') return rawTimes(clock, await rawClock(clock));
  return name === 'epoch' ? timesOfDayNow(clock) : undefined;
}

export interface StartedStages {
  /** Resolves once all have ended by themselves; never where there is none. */
  readonly allEnded: Promise<void>;
  /** Those that ended with an error. */
  readonly failures: readonly string[];
  /** Stages that were asked for and that no element has, or no frame reached. */
  readonly wanted: NonNullable<StageEnd['wanted']>;
  stop(): Promise<void>;
}

/** Starts all of them. When one cannot be started, those that were are stopped. One that ends later ends itself alone. */
export async function startStages(
  sources: readonly StageSource[],
  consumer: StageConsumer,
  report: (what: string) => void,
): Promise<StartedStages> {
  const failures: string[] = [];
  const wanted: { readonly stage: string; readonly isPresent: boolean }[] = [];
  const stop = async () => void (await Promise.all(sources.map((source) => source.stop())));
  let resolveEnded = () => {};
  const allEnded = new Promise<void>((resolve) => {
    resolveEnded = resolve;
  });
  let running = sources.length;
  const consumerOf = (): StageConsumer => ({
    stage: (event) => consumer.stage(event),
    rejected: (rejection) => consumer.rejected?.(rejection),
    ended(end) {
      wanted.push(...(end.wanted ?? []));
      if (end.error !== undefined) {
        failures.push(`${end.source}: ${end.error.message}`);
        report(`${end.source} ended: ${end.error.message}`);
      }
      if (--running === 0) resolveEnded();
    },
  });
  try {
    for (const source of sources) await source.start(consumerOf());
  } catch (error) {
    await stop().catch((other: unknown) => report(messageOf(other)));
    throw error;
  }
  return { allEnded, failures, wanted, stop };
}
