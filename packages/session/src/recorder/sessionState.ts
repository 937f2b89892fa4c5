import { attribute, type Clock, type Source } from '@benchlab-otel/core';
import { clockStepSeconds, wallAnchor } from '../clocks/wallAnchor.ts';
import { formatSessionFile, type SessionFile, type SessionHost, type SessionSource } from '../folder/sessionFile.ts';
import { writeWhole } from '../folder/wholeFile.ts';
import { hostFacts } from './hostFacts.ts';
import type { Bookmark } from './marks.ts';

export interface SessionStateOptions {
  readonly path: string;
  readonly name: string;
  readonly clock: Clock;
  readonly tags: Readonly<Record<string, string>>;
  readonly comment: string;
  /** Of a recording that is continued. */
  readonly before?: SessionFile;
}

/** Bounds of `session.json`; its reader refuses more. */
const [maxSources, maxBookmarks, maxHoles, maxClocks, maxGpus] = [1_000, 10_000, 10_000, 100_000, 64];
const anchorEveryNs = 60e9;
/** From this on the wall clock was set, or the host slept, s. */
const stepSeconds = 0.05;

/** What `session.json` states, kept up to date while a session is recorded. */
export class SessionState {
  /** Bookmarks beyond the bound. */
  droppedMarks = 0;
  readonly #path: string;
  readonly #clock: Clock;
  #session: SessionFile;
  #isSaved = false;

  constructor({ path, name, clock, tags, comment, before }: SessionStateOptions) {
    this.#path = path;
    this.#clock = clock;
    const anchor = wallAnchor(clock);
    const openedAt = new Date(Number(BigInt(anchor.epochNs) / 1_000_000n)).toISOString();
    this.#session =
      before === undefined
        ? {
            schema: 'benchlab-otel/session',
            version: 1,
            name,
            openedAt,
            clocks: [anchor],
            sources: [],
            host: hostFacts(),
            tags,
            comment,
            bookmarks: [],
            holes: [],
          }
        : {
            ...before,
            clocks: [...before.clocks, anchor],
            tags: { ...before.tags, ...tags },
            comment: comment === '' ? before.comment : comment,
          };
  }

  get session(): SessionFile {
    return this.#session;
  }

  /** A source that samples come from. */
  source({ id, name, simulated, boundary, attributes }: Source): void {
    const isNew = !this.#session.sources.some((each) => each.id === id);
    this.#addSource({ id, name, clock: 'monotonic', simulated });
    if (boundary !== 'gpu_board' || !isNew) return;
    const { gpus = [], driver } = this.#session.host;
    const found = attributes[attribute.hwDriverVersion];
    const host: SessionHost = {
      ...this.#session.host,
      gpus: gpus.length < maxGpus ? [...gpus, name] : gpus,
      ...(typeof found === 'string' ? { driver: driver ?? found } : {}),
    };
    this.#change({ host });
  }

  /** The board whose power is that of the bench. */
  bench(id: string): void {
    const { sources } = this.#session;
    this.#change({ sources: sources.map((source) => (source.id === id ? { ...source, bench: true } : source)) });
  }

  /** A source of stage events. */
  stages(id: string, simulated: boolean): void {
    this.#addSource({ id, name: id, clock: 'monotonic', simulated });
  }

  /** The same mark is kept once. */
  mark(mark: Bookmark): void {
    const { bookmarks } = this.#session;
    if (bookmarks.some(({ timeNs, name }) => timeNs === mark.timeNs && name === mark.name)) return;
    if (bookmarks.length >= maxBookmarks) this.droppedMarks++;
    else this.#change({ bookmarks: [...bookmarks, mark] });
  }

  hole(hole: SessionFile['holes'][number]): void {
    const { holes } = this.#session;
    const last = holes.at(-1);
    if (holes.length < maxHoles || last === undefined) this.#change({ holes: [...holes, hole] });
    else this.#change({ holes: [...holes.slice(0, -1), { ...last, toNs: hole.toNs }] });
  }

  /** An anchor where one is due. Returns by how many seconds the wall clock has moved since the one before, if it has. */
  anchor(isLast = false): number | undefined {
    const { clocks } = this.#session;
    const before = clocks.at(-1);
    const isDue = before === undefined || this.#clock.nowNs() - before.timeNs >= anchorEveryNs;
    if (!isDue && !isLast) return undefined;
    const after = wallAnchor(this.#clock);
    // A session of 70 days: the first ones stay, and the latest is replaced.
    this.#change({ clocks: [...(clocks.length < maxClocks ? clocks : clocks.slice(0, -1)), after] });
    const step = before === undefined ? 0 : clockStepSeconds(before, after);
    return Math.abs(step) >= stepSeconds ? step : undefined;
  }

  close(): void {
    this.anchor(true);
    const { clocks } = this.#session;
    const last = BigInt(clocks.at(-1)?.epochNs ?? 0);
    this.#change({ closedAt: new Date(Number(last / 1_000_000n)).toISOString() });
  }

  /** Writes `session.json` where something has changed. @throws the error of the disk; the next call tries again */
  async save(): Promise<void> {
    if (this.#isSaved) return;
    this.#isSaved = true;
    try {
      await writeWhole(this.#path, formatSessionFile(this.#session));
    } catch (error) {
      this.#isSaved = false;
      throw error;
    }
  }

  #addSource(source: SessionSource): void {
    const { sources } = this.#session;
    const known = sources.find(({ id }) => id === source.id);
    if (known !== undefined && (known.simulated || !source.simulated)) return;
    const others = sources.filter(({ id }) => id !== source.id);
    const next = known === undefined ? source : { ...known, simulated: source.simulated };
    if (others.length < maxSources) this.#change({ sources: [...others, next] });
  }

  #change(change: Partial<SessionFile>): void {
    this.#session = { ...this.#session, ...change };
    this.#isSaved = false;
  }
}
