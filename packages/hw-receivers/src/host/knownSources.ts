import type { Source } from '@benchlab-otel/core';
import type { HostAnswer } from './hostSession.ts';

/** Without an answer for this long, what was known is no longer known. */
const silentNs = 30e9;

/** The sources that one kind of request brought, and which of them a new thread does not find again. */
export class KnownSources {
  readonly #answersUntilLost: number;
  readonly #byId = new Map<string, Source>();
  /** After a new thread: answers in which a source may still come. */
  #awaited = new Map<string, number>();
  #thread: number | undefined;
  #answeredNs: number | undefined;

  /** @param answersUntilLost a source is lost after this number of answers of a new thread without it */
  constructor(answersUntilLost: number) {
    this.#answersUntilLost = answersUntilLost;
  }

  /** Returns the sources that the thread before had, and that this one has not. */
  answered({ thread, samples, lost }: Pick<HostAnswer, 'thread' | 'samples' | 'lost'>, nowNs: number): Source[] {
    if (thread !== this.#thread) {
      this.#awaited = new Map([...this.#byId.keys()].map((id) => [id, this.#answersUntilLost]));
    }
    this.#thread = thread;
    this.#answeredNs = nowNs;
    for (const { id } of lost) this.#forget(id);
    for (const { source } of samples) {
      this.#byId.set(source.id, source);
      this.#awaited.delete(source.id);
    }
    for (const [id, answers] of this.#awaited) this.#awaited.set(id, answers - 1);
    return this.#take([...this.#awaited].flatMap(([id, answers]) => (answers > 0 ? [] : id)));
  }

  /** There was no answer. Returns the sources that are lost by it: all, once it lasts. */
  failed(nowNs: number): Source[] {
    this.#answeredNs ??= nowNs;
    return nowNs - this.#answeredNs < silentNs ? [] : this.#take([...this.#byId.keys()]);
  }

  #take(ids: readonly string[]): Source[] {
    const sources = ids.flatMap((id) => this.#byId.get(id) ?? []);
    for (const id of ids) this.#forget(id);
    return sources;
  }

  #forget(id: string): void {
    this.#byId.delete(id);
    this.#awaited.delete(id);
  }
}
