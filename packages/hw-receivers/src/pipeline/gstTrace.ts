import type { StageEvent } from '@benchlab-otel/core';
import { FrameIds } from './frameIds.ts';
import { GstClock, nowOf } from './gstClock.ts';
import { type GstRecord, gstLine, gstRecord, wholeField } from './gstLine.ts';

export interface GstTraceOptions {
  /** Elements whose buffers are events. They may be bins. */
  readonly stages?: readonly string[];
  /** Without `stages`: elements and bins that have one of these names. */
  readonly names: ReadonlySet<string>;
  /** What the pipeline calls the bins that the trace calls `bin0`, `bin1`. */
  readonly binNames?: ReadonlyMap<string, string>;
  /** When the program was started, CLOCK_MONOTONIC ns. */
  readonly startedNs: number;
  readonly source: string;
  /** A line of the trace does not give an event, or finds no room. */
  rejected(reason: string): void;
}

/** Elements of one pipeline. Further ones are counted. */
const maxElements = 1024;
/** Events that wait until the clock is known. */
const maxWaiting = 50_000;
/** Encoders with a minimum time (x264enc) start their output at this presentation time (gstx264enc.c, 1000 hours). */
const encoderStartNs = 1000 * 3600 * 1e9;

interface Element {
  readonly name: string;
  readonly isStage: boolean;
  /** The first of its source pads that emitted a buffer. Other pads repeat the frames. */
  pad?: number;
  hasSourcePad: boolean;
  /** Presentation time of the first buffer that came in. */
  firstInNs?: number;
  /** By how much an encoder moved its output, ns. */
  shiftNs?: number;
}

/**
 * Stage events from the `stats` tracer of GStreamer: a buffer that leaves a named element, or reaches a named element without
 * a source pad, with its presentation time as frame id. Lines in, events out: it uses no process, file or clock.
 */
export class GstTrace {
  readonly #options: GstTraceOptions;
  readonly #clock: GstClock;
  readonly #elements = new Map<number, Element>();
  /** The inner sides of the pads of bins: what passes there has not left the bin. */
  readonly #innerPads = new Set<number>();
  readonly #frames = new FrameIds();
  #waiting: { readonly logNs: number; readonly stage: string; readonly frameId: string }[] = [];

  constructor(options: GstTraceOptions) {
    this.#options = options;
    this.#clock = new GstClock(options.startedNs);
  }

  /** Names of the stages that the pipeline has. */
  get stages(): readonly string[] {
    return [...this.#elements.values()].flatMap(({ name, isStage }) => (isStage ? [name] : []));
  }

  /** Uncertainty of the times of events, ns, once it is known. */
  get uncertaintyNs(): number | undefined {
    return this.#clock.bracket?.uncertaintyNs;
  }

  /** @param readNs when the line was read, CLOCK_MONOTONIC ns */
  line(text: string, readNs: number): readonly StageEvent[] {
    const line = gstLine(text);
    if (line === undefined) {
      if (text !== '') this.#options.rejected('a line that is not of the log');
      return [];
    }
    const isKnown = this.#clock.bracket !== undefined;
    if (!isKnown) this.#clock.saw(line.logNs, readNs, line.category === 'pipeline' ? nowOf(line.text) : undefined);
    const record = line.category === 'GST_TRACER' ? gstRecord(line.text) : undefined;
    if (record !== undefined) this.#take(record);
    return this.#release();
  }

  /** The events that waited for a better clock. */
  settle(): readonly StageEvent[] {
    this.#clock.fix();
    return this.#release();
  }

  #release(): readonly StageEvent[] {
    const bracket = this.#clock.bracket;
    if (bracket === undefined || this.#waiting.length === 0) return [];
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.map(({ logNs, stage, frameId }) => ({
      timeNs: Math.round(bracket.offsetNs + logNs),
      uncertaintyNs: bracket.uncertaintyNs,
      stage,
      frameId,
      source: this.#options.source,
    }));
  }

  #take(record: GstRecord): void {
    if (record.name === 'buffer') this.#buffer(record);
    else if (record.name === 'new-element') this.#newElement(record);
    else if (record.name === 'new-pad') this.#newPad(record);
  }

  #newElement(record: GstRecord): void {
    const ix = wholeField(record, 'ix');
    const traced = record.fields.get('name');
    if (ix === undefined || traced === undefined) return;
    if (this.#elements.size >= maxElements) {
      this.#options.rejected(`more than ${maxElements} elements`);
      return;
    }
    const isBin = record.fields.get('is-bin') === '1';
    const name = (isBin ? this.#options.binNames?.get(traced) : undefined) ?? traced;
    const isStage = this.#options.stages?.includes(name) ?? this.#options.names.has(name);
    this.#elements.set(ix, { name, isStage, hasSourcePad: false });
  }

  /** Directions: GstPadDirection, 1 source, 2 sink. */
  #newPad(record: GstRecord): void {
    if (record.fields.get('type') === 'GstProxyPad') {
      this.#innerPads.add(wholeField(record, 'ix') ?? -1);
      return;
    }
    const element = this.#elements.get(wholeField(record, 'parent-ix') ?? -1);
    if (element !== undefined && record.fields.get('pad-direction') === '1') element.hasSourcePad = true;
  }

  #buffer(record: GstRecord): void {
    const from = this.#elements.get(wholeField(record, 'element-ix') ?? -1);
    const to = this.#elements.get(wholeField(record, 'peer-element-ix') ?? -1);
    const logNs = wholeField(record, 'ts');
    const pad = wholeField(record, 'pad-ix');
    if (from === undefined || logNs === undefined || pad === undefined) return;
    const hasTime = record.fields.get('have-buffer-pts') === '1';
    const outNs = hasTime ? wholeField(record, 'buffer-pts') : undefined;
    if (outNs !== undefined && to !== undefined) to.firstInNs ??= outNs;
    // The times of an encoder that follows another encoder are moved already.
    if (outNs !== undefined && outNs >= encoderStartNs) from.shiftNs ??= encoderStartNs - (from.firstInNs ?? 0);
    if (to !== undefined && from.shiftNs !== undefined) to.shiftNs ??= from.shiftNs;
    const isInner = this.#innerPads.has(pad);
    if (!isInner) from.pad ??= pad;
    if (from.isStage && !isInner && from.pad === pad) this.#event(from, outNs, logNs);
    if (to?.isStage && !to.hasSourcePad) this.#event(to, outNs, logNs);
  }

  #event({ name, shiftNs = 0 }: Element, ptsNs: number | undefined, logNs: number): void {
    if (ptsNs === undefined) {
      this.#options.rejected(`a frame of ${name} without a presentation time`);
      return;
    }
    if (this.#waiting.length >= maxWaiting) {
      this.#options.rejected(`more than ${maxWaiting} frames before the clock was known`);
      return;
    }
    this.#waiting.push({
      logNs,
      stage: name,
      frameId: this.#frames.of(ptsNs - (ptsNs >= encoderStartNs ? shiftNs : 0)),
    });
  }
}
