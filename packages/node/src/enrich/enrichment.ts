import { type EndedSpan, isThenable } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { EnricherLink } from './enricherLink.ts';
import { returnedAttributes } from './returnedAttributes.ts';

/** What the enrichers of one ended span have returned so far, in their order. */
export class Enrichment {
  parts: (Attributes | undefined)[] = [];
  /** The enrichers that have not answered yet, by their places in `parts`; undefined for those that have. */
  pending: (EnricherLink | undefined)[] = [];
  /** How many these are. */
  waiting = 0;
}

/** Asks one enricher for its attributes of an ended span, and puts them in their place, at once or later. */
export function askEnded<E extends Enrichment>(
  link: EnricherLink,
  place: number,
  span: EndedSpan,
  to: E,
  settled: (to: E) => void,
): void {
  let later: PendingAnswer<E> | undefined;
  try {
    const result = link.timed('spanEnded', () =>
      link.enricher.spanEnded?.(span, () => {
        later = new PendingAnswer(link, place, to, settled);
        return later.take;
      }),
    );
    if (later !== undefined) return;
    if (isThenable(result)) {
      const answer = new PendingAnswer(link, place, to, settled);
      Promise.resolve(result).then(answer.take, (error: unknown) => answer.fail(error));
    } else {
      to.parts[place] = returnedAttributes(link, result);
      link.succeeded('spanEnded');
    }
  } catch (error) {
    if (later === undefined) link.failed('spanEnded', error);
    else later.fail(error);
  }
}

/** What one enricher has yet to answer for one span. Once it is no longer pending, the span has left without it. */
class PendingAnswer<E extends Enrichment> {
  readonly #link: EnricherLink;
  readonly #place: number;
  readonly #to: E;
  readonly #settled: (to: E) => void;

  constructor(link: EnricherLink, place: number, to: E, settled: (to: E) => void) {
    this.#link = link;
    this.#place = place;
    this.#to = to;
    this.#settled = settled;
    to.pending[place] = link;
    to.waiting++;
  }

  readonly take = (value: unknown): void => {
    if (!this.#isPending()) return;
    try {
      this.#to.parts[this.#place] = returnedAttributes(this.#link, value);
      this.#link.succeeded('spanEnded');
    } catch (error) {
      this.#link.failed('spanEnded', error);
    }
    this.#answered();
  };

  fail(error: unknown): void {
    if (!this.#isPending()) return;
    this.#link.failed('spanEnded', error);
    this.#answered();
  }

  #isPending(): boolean {
    return this.#to.pending[this.#place] !== undefined;
  }

  #answered(): void {
    this.#to.pending[this.#place] = undefined;
    this.#to.waiting--;
    if (this.#to.waiting === 0) this.#settled(this.#to);
  }
}
