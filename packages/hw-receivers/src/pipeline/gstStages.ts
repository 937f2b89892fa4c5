import {
  alreadyStarted,
  type Clock,
  callGuarded,
  createReport,
  knownOptions,
  OptionError,
  type OptionNames,
  type Report,
  type StageConsumer,
  type StageEvent,
  type StageSource,
  systemClock,
} from '@benchlab-otel/core';
import { LineSplitter, Rejections } from '@benchlab-otel/wire';
import { type FindProgram, systemProgram } from '../program/systemProgram.ts';
import { isOfUser, userLog } from './gstForeign.ts';
import { binNames, gstNames } from './gstNames.ts';
import { type GstProcess, startGst } from './gstProcess.ts';
import { GstTrace } from './gstTrace.ts';

export interface GstStagesOptions {
  /** As gst-launch-1.0 takes it: `['videotestsrc', '!', 'identity', 'name=ingress', '!', …]`. */
  readonly pipeline: readonly string[];
  /** Elements whose buffers are events. Default: those that the pipeline names (`name=ingress`). */
  readonly stages?: readonly string[];
  readonly clock?: Clock;
}

/** Longest line of the log that is read, bytes. The longest that was seen had 700. */
const maxLineBytes = 64 * 1024;
/** How long events wait for a better clock, ns. */
const clockPatienceNs = 5e9;

const optionNames: OptionNames<GstStagesOptions> = { pipeline: true, stages: true, clock: true };

/**
 * Runs a GStreamer pipeline and reports each frame that leaves one of its named elements, by the presentation time of the
 * frame. It uses the `stats` tracer, which loses no frame (the `latency` tracers do, behind encoders that look ahead). A
 * reader that is too slow slows the pipeline down; no event is dropped for it.
 *
 * The source ends when the pipeline does; `stop` ends the pipeline. Times are CLOCK_MONOTONIC within an uncertainty that
 * is measured as the pipeline starts, of 10 to 100 us.
 *
 * @param findProgram finds gst-launch-1.0. Default: among the programs of the system; root ignores PATH.
 * @throws OptionError for an empty pipeline. `start` rejects with UNSUPPORTED where GStreamer is absent. A pipeline that
 *   fails ends with the error.
 * @example
 * const source = gstStages({ pipeline: 'videotestsrc ! identity name=ingress ! x264enc name=encoded ! fakesink'.split(' ') });
 */
export function gstStages(options: GstStagesOptions, findProgram: FindProgram = systemProgram): StageSource {
  knownOptions<GstStagesOptions>('gstStages', options, optionNames);
  const { pipeline } = options;
  if (!Array.isArray(pipeline) || pipeline.length === 0 || !pipeline.every((word) => typeof word === 'string')) {
    const allowed = 'a list of the words that gst-launch-1.0 takes, with at least one word';
    throw new OptionError({ option: 'pipeline', value: pipeline, allowed });
  }
  return new GstStages(options, findProgram);
}

/** From one start to one stop. */
interface GstRun {
  child?: Promise<GstProcess>;
  /** The pipeline ended by itself. */
  isOver: boolean;
}

class GstStages implements StageSource {
  readonly name = 'gst';
  readonly #options: GstStagesOptions;
  readonly #findProgram: FindProgram;
  readonly #clock: Clock;
  readonly #report: Report;
  #run: GstRun | undefined;
  #stopped: Promise<unknown> = Promise.resolve();

  constructor(options: GstStagesOptions, findProgram: FindProgram) {
    this.#options = options;
    this.#findProgram = findProgram;
    this.#clock = options.clock ?? systemClock;
    this.#report = createReport(this.name);
  }

  async start(consumer: StageConsumer): Promise<void> {
    if (this.#run !== undefined && !this.#run.isOver) throw alreadyStarted(this.name);
    const run: GstRun = { isOver: false };
    this.#run = run;
    await this.#stopped;
    // A stop came while this start waited for the one before.
    if (this.#run !== run) return;
    run.child = this.#spawn(run, consumer);
    try {
      await run.child;
    } catch (error) {
      if (this.#run === run) this.#run = undefined;
      throw error;
    }
  }

  async stop(): Promise<void> {
    const child = this.#run?.child;
    this.#run = undefined;
    const ended = child?.catch(() => undefined).then((started) => started?.stop());
    this.#stopped = Promise.all([this.#stopped, ended]);
    await this.#stopped;
  }

  #spawn(run: GstRun, consumer: StageConsumer): Promise<GstProcess> {
    const source = this.name;
    const { stages, pipeline } = this.#options;
    const names = gstNames(pipeline);
    const startedNs = this.#clock.nowNs();
    const rejections = new Rejections(source, consumer, () => this.#clock.nowNs());
    const rejected = (reason: string) => rejections.add(reason);
    const trace = new GstTrace({
      ...{ startedNs, source, rejected, names, binNames: binNames(pipeline) },
      ...(stages === undefined ? {} : { stages }),
    });
    const wanted = () => {
      const present = new Set(trace.stages);
      return [...new Set(stages ?? names)].map((stage) => ({ stage, isPresent: present.has(stage) }));
    };
    const lines = new LineSplitter(maxLineBytes);
    const own = userLog(process.env);
    const guard = (what: string, call: () => unknown) =>
      callGuarded(call, (thrown) => this.#report(`its callback \`${what}\` threw.`, thrown));
    const hand = (events: readonly StageEvent[]) => {
      for (const event of events) guard('stage', () => consumer.stage(event));
    };
    // A pipeline that never reaches PLAYING (an element is waiting for data) never logs its clock.
    const cancelWait = this.#clock.at(startedNs + clockPatienceNs, () => hand(trace.settle()));
    return startGst(
      pipeline,
      {
        trace: (bytes) => {
          const readNs = this.#clock.nowNs();
          for (const line of lines.push(bytes)) {
            if (line === undefined) rejected(`a line of more than ${maxLineBytes / 1024} KiB`);
            // GStreamer has one log, and it is ours: what the user has asked for would be lost.
            else if (isOfUser(line, own)) process.stderr.write(`${line}\n`);
            else hand(trace.line(line, readNs));
          }
        },
        exited: (error) => {
          cancelWait();
          hand(trace.settle());
          rejections.report();
          // Set before the consumer is called: it may start the source again.
          run.isOver = true;
          const end = { source, wanted: wanted() };
          guard('ended', () => consumer.ended?.(error === undefined ? end : { ...end, error }));
        },
      },
      this.#findProgram,
    ).catch((error) => {
      cancelWait();
      throw error;
    });
  }
}
