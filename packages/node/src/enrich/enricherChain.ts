import { type EndedSpan, type EnrichedSignal, type Enricher, isThenable, type StartedSpan } from '@benchlab-otel/core';
import { type Attributes, type Context, context, ROOT_CONTEXT, type Span } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { EnricherLink } from './enricherLink.ts';
import { EnricherRegistry } from './enricherRegistry.ts';

/** What the enrichers of one ended span have returned so far, in their order. */
export interface Enrichment {
  readonly parts: (Attributes | undefined)[];
  /** The enrichers that have not answered yet, by their places in `parts`. */
  readonly pending: Map<number, EnricherLink>;
}

// Hooks run in this context. Without it, an enricher that starts a span would be called for that span too, without end.
const untraced = suppressTracing(ROOT_CONTEXT);

/** Runs the hooks of enrichers so that none can harm the application: not by throwing, nor by invalid values, nor by spans. */
export class EnricherChain {
  /** A registry stands for the functions that are registered when a hook is called. */
  readonly #members: readonly (EnricherLink | EnricherRegistry)[];
  /** The members, where none is a registry. */
  readonly #fixed: readonly EnricherLink[] | undefined;
  readonly #hasStartHooks: boolean;

  constructor(enrichers: readonly Enricher[]) {
    const members = enrichers.map((each) => (each instanceof EnricherRegistry ? each : new EnricherLink(each)));
    this.#members = members;
    this.#fixed = members.every((each) => each instanceof EnricherLink) ? members : undefined;
    this.#hasStartHooks = enrichers.some((enricher) => enricher.spanStarted !== undefined);
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  /** Whether an enricher may append fields to log lines, stream events and points. */
  get hasFields(): boolean {
    return this.#members.some((each) => each instanceof EnricherRegistry || each.enricher.fields !== undefined);
  }

  resource(): Attributes {
    return this.#collected('resource', (enricher) => enricher.resource?.());
  }

  /** The fields to append to a log line, a stream event or a point. The caller lets the signal's own fields win. */
  fields(signal: EnrichedSignal): Attributes {
    // In the context of the application: its baggage may have a tenant.
    return context.with(suppressTracing(context.active()), () =>
      this.#collected('fields', (enricher) => enricher.fields?.(signal)),
    );
  }

  /** Attributes that the application gave the span before are put back where a hook has overwritten them. */
  spanStarted(span: Span & { readonly attributes: Attributes }, parent: Context, started: StartedSpan): void {
    if (!this.#hasStartHooks) return;
    const given = { ...span.attributes };
    context.with(untraced, () => {
      for (const link of this.#links()) {
        link.attempt('spanStarted', () => link.enricher.spanStarted?.(span, parent, started));
      }
    });
    for (const name in given) {
      const value = given[name];
      if (span.attributes[name] !== value && value !== undefined) span.setAttribute(name, value);
    }
  }

  /** @param settled called when the last pending promise has settled, never before this returns */
  spanEnded(span: EndedSpan, settled: () => void): Enrichment {
    const enrichment: Enrichment = { parts: [], pending: new Map() };
    context.with(untraced, () => {
      for (const link of this.#links()) end(link, span, enrichment, settled);
    });
    return enrichment;
  }

  /** The enrichers that have not answered took too long: that counts as a failure. */
  gaveUpOn({ pending }: Enrichment): void {
    for (const link of pending.values()) link.failed('spanEnded', new Error('it took too long'));
    pending.clear();
  }

  /** Resolves when the enrichers have shut down, also those that are switched off. Never rejects. */
  async shutdown(): Promise<void> {
    await Promise.all(
      this.#links().map(async (link) => {
        try {
          await link.enricher.shutdown?.();
        } catch (error) {
          link.failed('shutdown', error);
        }
      }),
    );
  }

  #collected(hook: 'resource' | 'fields', call: (enricher: Enricher) => unknown): Attributes {
    const all: Attributes = {};
    for (const link of this.#links()) {
      link.attempt(hook, () => {
        for (const [name, value] of Object.entries(attributesOf(call(link.enricher)) ?? {})) {
          if (value !== undefined) all[name] = value;
        }
      });
    }
    return all;
  }

  #links(): readonly EnricherLink[] {
    if (this.#fixed !== undefined) return this.#fixed;
    return this.#members.flatMap((member) => (member instanceof EnricherRegistry ? member.links() : member));
  }
}

function end(link: EnricherLink, span: EndedSpan, { parts, pending }: Enrichment, settled: () => void): void {
  const place = parts.push(undefined) - 1;
  /** Once the promise is no longer pending, the span has left without its answer. */
  const answer = (take: () => void): void => {
    if (!pending.delete(place)) return;
    link.attempt('spanEnded', take);
    if (pending.size === 0) settled();
  };
  link.attempt('spanEnded', () => {
    const result = link.enricher.spanEnded?.(span);
    if (!isThenable(result)) {
      parts[place] = attributesOf(result);
      return undefined;
    }
    pending.set(place, link);
    return Promise.resolve(result).then(
      (value) =>
        answer(() => {
          parts[place] = attributesOf(value);
        }),
      (error: unknown) =>
        answer(() => {
          throw error;
        }),
    );
  });
}

/** Enrichers come from untyped callers too. */
function attributesOf(value: unknown): Attributes | undefined {
  if (value === undefined || value === null) return undefined;
  if (isThenable(value)) {
    // A rejection without a handler would end the process.
    Promise.resolve(value).catch(() => {});
    throw new TypeError('it returned a promise where attributes are needed at once');
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new TypeError(`it returned ${Array.isArray(value) ? 'a list' : typeof value}, not attributes`);
  }
  return value as Attributes; // the values are checked where they are put on the signal
}
