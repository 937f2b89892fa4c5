import {
  BenchlabError,
  type Clock,
  messageOf,
  type Sample,
  type SampleConsumer,
  type SelfCount,
  type Source,
  type SourceLoss,
  type StageConsumer,
  type StageEvent,
  type StageRejection,
} from '@benchlab-otel/core';
import { formatLatencyLine, formatRawStage, type LatencyRow, RawSampleEncoder, rawStream } from '@benchlab-otel/wire';
import type { LiveAlign, LiveAlignOptions, LiveCounts } from '../align/liveAlign.ts';
import type { SessionFile } from '../folder/sessionFile.ts';
import type { SessionPaths } from '../folder/sessionPaths.ts';
import { writeRows } from './liveRows.ts';
import { LiveSeries } from './liveSeries.ts';
import { checkedMark, Marks } from './marks.ts';
import type { OpenFolder } from './openFolder.ts';
import { RecordedLines } from './recordedLines.ts';
import type { SessionRecorderOptions } from './recorderOptions.ts';
import { RefusedInput } from './refusedInput.ts';
import type { Repairs } from './repairSession.ts';
import { SessionState } from './sessionState.ts';

/** How a session ended. */
export interface ClosedSession {
  readonly paths: SessionPaths;
  readonly lines: number;
  /** Rows of `aligned/latency.jsonl`. */
  readonly rows: number;
  readonly session: SessionFile;
  /** Why the rows are those that were made while it was recorded. Absent: they were made again from all lines. */
  readonly liveRowsBecause?: string;
}

/** Longest time that a line waits, ns. With the time of a write it is on the disk within a second. */
const flushEveryNs = 0.2e9;
/** Lines up to which the rows are made again at the end: more would need more than 300 MB. */
export const mostLinesInMemory = 1_000_000;
/** An event cannot come before it happened: one that is ahead of the clock by more than this is of another clock, ns. */
const mostAheadNs = 0.1e9;
/** A sample that is no more than a fault of the line (`docs/formats/raw.md`). */
const mostWatts = 100_000;

/** What a recorder is made of, once its folder is open. */
export interface RecorderParts {
  readonly options: SessionRecorderOptions;
  readonly folder: OpenFolder;
  readonly align: LiveAlign;
  readonly clock: Clock;
  readonly segmentBytes: number;
  readonly mostLinesAgain: number;
  readonly repairs: Repairs;
  /** Of the recording that is continued. */
  readonly linesBefore: number;
}

/** A session that is being written. */
export class SessionRecorder implements SampleConsumer, StageConsumer {
  readonly paths: SessionPaths;
  readonly name: string;
  /** What was repaired of a recording that was cut off. */
  readonly repairs: Repairs;
  rows = 0;
  readonly #parts: RecorderParts;
  readonly #align: LiveAlign;
  readonly #clock: Clock;
  readonly #encoder: RawSampleEncoder;
  readonly #state: SessionState;
  readonly #marks: Marks;
  readonly #sources = new Set<unknown>();
  readonly #series = new LiveSeries();
  readonly #refused = new RefusedInput();
  #bench: Source | undefined;
  #hasEvents = false;
  #lines: RecordedLines | undefined;
  #cancel = (): void => undefined;
  #ticking: Promise<void> = Promise.resolve();
  #isClosing = false;

  /** Call `sessionRecorder()`. */
  constructor(parts: RecorderParts) {
    const { options, folder, align, clock, repairs } = parts;
    const { paths, name, before } = folder;
    this.#parts = parts;
    this.#align = align;
    this.#clock = clock;
    this.paths = paths;
    this.name = name;
    this.repairs = repairs;
    this.#marks = new Marks(paths.folder);
    const { tags = {}, comment = '' } = options;
    this.#state = new SessionState({ path: paths.file, name, clock, tags, comment, ...(before && { before }) });
    this.#encoder = new RawSampleEncoder(before?.sources.find(({ bench }) => bench === true)?.id);
  }

  /** Called once, by `sessionRecorder`. */
  async start(segments: ReadonlyMap<string, number>): Promise<void> {
    const { segmentBytes, options } = this.#parts;
    this.#lines = new RecordedLines({
      paths: this.paths,
      segmentBytes,
      segments,
      state: this.#state,
      refused: this.#refused,
      trouble: (what) => options.onTrouble?.(what),
      ...(options.openStream && { openStream: options.openStream }),
    });
    await this.#state.save();
    this.#next();
  }

  /** Lines so far. */
  get lines(): number {
    return this.#lines?.count ?? 0;
  }

  get session(): SessionFile {
    return this.#state.session;
  }

  /** Samples and events that did not become a line. Undefined without one. */
  get refused(): { readonly count: number; readonly reason: string } | undefined {
    return this.#refused.all;
  }

  /** What the pairs of stages have come to so far. */
  get pairs(): readonly LiveCounts[] {
    return this.#align.counts;
  }

  /** The `benchlab_*` series of the recording, read at each collection of metrics. */
  counts(): readonly SelfCount[] {
    return this.#series.counts(this.#align.counts);
  }

  /** Events that came too late for the live rows. */
  get late(): number {
    return this.#align.late;
  }

  /** Lines that a full disk did not take. */
  get dropped(): number {
    return this.#lines?.dropped ?? 0;
  }

  /** Why the disk takes no lines now. Undefined while it does. */
  get trouble(): string | undefined {
    return this.#lines?.trouble;
  }

  sample(sample: Sample): void {
    if (this.#isClosing) return;
    const { source, timeNs, uncertaintyNs } = sample;
    if (this.#isNew(source)) this.#state.source(source);
    this.#lines?.add(rawStream(source), timeNs, () => this.#encoder.format(sample));
    const watts = this.#encoder.powerOf(sample);
    if (watts === undefined || !(watts >= 0 && watts <= mostWatts)) return;
    const mark = source.simulated ? { simulated: true as const } : {};
    if (this.#bench !== source) {
      this.#bench = source;
      this.#state.bench(source.id);
    }
    this.#series.power(watts, source.simulated);
    this.#align.power({ timeNs, uncertaintyNs, watts, source: 'benchlab.usb', ...mark });
  }

  lost({ source }: SourceLoss): void {
    if (source === this.#bench) this.#series.noPower();
  }

  stage(event: StageEvent): void {
    if (this.#isClosing) return;
    const aheadNs = event.timeNs - event.uncertaintyNs - this.#clock.nowNs();
    if (aheadNs > mostAheadNs) {
      const ahead = `${(aheadNs / 1e9).toFixed(3)} s ahead of CLOCK_MONOTONIC of this host`;
      this.#refused.here(
        `${event.source}: an event is ${ahead}, so that its times are of another clock or start of the host`,
      );
      return;
    }
    this.#hasEvents = true;
    const isSimulated = event.simulated === true;
    if (this.#isNew(`${event.source}/${isSimulated}`)) this.#state.stages(event.source, isSimulated);
    if (this.#lines?.add('pipeline', event.timeNs, () => formatRawStage(event))) this.#align.event(event);
  }

  rejected(rejection: StageRejection): void {
    this.#refused.bySource(rejection);
  }

  /** Called by the live alignment. */
  row(row: LatencyRow): void {
    this.rows++;
    this.#series.row(row);
    this.#lines?.row(formatLatencyLine(row));
    this.#parts.options.onRow?.(row);
  }

  /** What waits is written now, as it is some times a second anyway. A disk that does not take it is reported, and tried again. */
  flush(): Promise<void> {
    this.#ticking = this.#ticking.then(() => this.#tick());
    return this.#ticking;
  }

  /** Marks this moment. @throws OptionError for a name that is empty, too long or holds control characters */
  mark(name: string): void {
    this.#state.mark({ timeNs: this.#clock.nowNs(), name: checkedMark(name) });
  }

  /**
   * Writes what waits, makes the rows again from all lines, and closes the session. Safe repeated.
   *
   * @throws BenchlabError when the disk did not take the last lines; the session is released all the same
   */
  close(): Promise<ClosedSession> {
    this.#closed ??= this.#close();
    return this.#closed;
  }
  #closed: Promise<ClosedSession> | undefined;

  #isNew(source: unknown): boolean {
    if (this.#sources.has(source)) return false;
    if (this.#sources.size < 10_000) this.#sources.add(source);
    return true;
  }

  #next(): void {
    this.#cancel = this.#clock.at(this.#clock.nowNs() + flushEveryNs, () => {
      void this.flush().finally(() => {
        if (!this.#isClosing) this.#next();
      });
    });
  }

  async #tick(): Promise<void> {
    this.#align.advance(this.#clock.nowNs());
    for (const mark of await this.#marks.read()) this.#state.mark(mark);
    const step = this.#state.anchor();
    if (step !== undefined) {
      const what = `The wall clock moved by ${step.toFixed(3)} s against the clock of the lines, or the host slept.`;
      this.#parts.options.onTrouble?.(what);
    }
    await this.#lines?.write().catch(() => undefined);
  }

  async #close(): Promise<ClosedSession> {
    this.#isClosing = true;
    this.#cancel();
    await this.#ticking;
    const { folder, options } = this.#parts;
    try {
      this.#align.end();
      await this.#lines?.write().catch((error) => {
        throw notClosed(this.paths.folder, error);
      });
      await this.#lines?.close();
      const { pairs, windowMs } = options;
      const again = await this.#rowsAgain({ ...(pairs && { pairs }), ...(windowMs && { windowMs }) });
      // As late as can be: the rows of a long session take seconds, and a person may mark its end meanwhile.
      for (const mark of await this.#marks.read()) this.#state.mark(mark);
      this.#state.close();
      await this.#state.save().catch((error) => {
        throw notClosed(this.paths.folder, error);
      });
      await this.#marks.remove();
      return { paths: this.paths, lines: this.lines, session: this.session, ...again };
    } finally {
      await this.#lines?.close().catch(() => undefined);
      await folder.lock.release();
    }
  }

  async #rowsAgain(align: LiveAlignOptions): Promise<Pick<ClosedSession, 'rows' | 'liveRowsBecause'>> {
    const live = (liveRowsBecause: string) => ({ rows: this.rows, liveRowsBecause });
    const { linesBefore, mostLinesAgain, folder } = this.#parts;
    // Power alone makes no rows.
    if (!this.#hasEvents && folder.before === undefined) return { rows: 0 };
    if (linesBefore + this.lines > mostLinesAgain) return live(`it has more than ${mostLinesAgain} lines`);
    try {
      return { rows: await writeRows(this.paths, align) };
    } catch (error) {
      return live(messageOf(error));
    }
  }
}

function notClosed(folder: string, cause: unknown): BenchlabError {
  const what = `The last lines of ${folder} could not be written: ${messageOf(cause)}.`;
  return new BenchlabError('UNSUPPORTED', what, 'Make room, then: benchlab-probe sessions repair FOLDER.', { cause });
}
