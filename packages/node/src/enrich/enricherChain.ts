import type { EndedSpan, EnrichedSignal, Enricher, StartedSpan } from '@benchlab-otel/core';
import { type Attributes, type Context, context, diag, ROOT_CONTEXT, type Span } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

/** Failures in a row after which an enricher is switched off. */
const MAX_FAILURES = 5;

/** What the enrichers of one ended span have returned so far, in their order. */
export interface Enrichment {
  readonly parts: (Attributes | undefined)[];
  /** Indexes of the enrichers that have not answered yet. */
  readonly pending: Set<number>;
}

type Hook = 'resource' | 'spanStarted' | 'spanEnded' | 'fields';

// Hooks run in this context: else an enricher that starts a span would be called for that one too, and so on.
const untraced = suppressTracing(ROOT_CONTEXT);

interface Link {
  readonly enricher: Enricher;
  /** In a row, of each hook. */
  readonly failures: Record<Hook, number>;
  hasReported: boolean;
  isOff: boolean;
}

/** Runs the hooks of enrichers so that none can harm the application: not by throwing, nor by rubbish, nor by spans. */
export class EnricherChain {
  readonly #links: readonly Link[];
  readonly #hasStartHooks: boolean;

  constructor(enrichers: readonly Enricher[]) {
    this.#links = enrichers.map((enricher) => ({
      enricher,
      failures: { resource: 0, spanStarted: 0, spanEnded: 0, fields: 0 },
      hasReported: false,
      isOff: false,
    }));
    this.#hasStartHooks = enrichers.some((enricher) => enricher.spanStarted !== undefined);
  }

  get isEmpty(): boolean {
    return this.#links.length === 0;
  }

  resource(): Attributes {
    const attributes: Attributes = {};
    for (const link of this.#links) {
      attempt(link, 'resource', () => {
        const added: unknown = link.enricher.resource?.();
        if (isThenable(added)) return added;
        return Object.assign(attributes, attributesOf(added));
      });
    }
    return attributes;
  }

  /** Whether any of them appends fields to log lines, stream events and points. */
  get hasFields(): boolean {
    return this.#links.some(({ enricher }) => enricher.fields !== undefined);
  }

  /** What is to be appended to a log line, a stream event or a point. What it has itself is the caller's to keep. */
  fields(signal: EnrichedSignal): Attributes {
    const fields: Attributes = {};
    // In the application's own context: a tenant may be in its baggage.
    context.with(suppressTracing(context.active()), () => {
      for (const link of this.#links) {
        attempt(link, 'fields', () => {
          const added: unknown = link.enricher.fields?.(signal);
          if (isThenable(added)) return added;
          return Object.assign(fields, attributesOf(added));
        });
      }
    });
    return fields;
  }

  /** Attributes that the application gave the span before are put back where a hook has overwritten them. */
  spanStarted(span: Span & { readonly attributes: Attributes }, parent: Context, started: StartedSpan): void {
    if (!this.#hasStartHooks) return;
    const given = { ...span.attributes };
    context.with(untraced, () => {
      for (const link of this.#links) {
        attempt(link, 'spanStarted', () => link.enricher.spanStarted?.(span, parent, started));
      }
    });
    for (const name in given) {
      const value = given[name];
      if (span.attributes[name] !== value && value !== undefined) span.setAttribute(name, value);
    }
  }

  /** @param settled called when the last of the promises that were pending has settled, never before this returns */
  spanEnded(span: EndedSpan, settled: () => void): Enrichment {
    const enrichment: Enrichment = { parts: [], pending: new Set() };
    context.with(untraced, () => {
      for (const [k, link] of this.#links.entries()) {
        attempt(link, 'spanEnded', () => end(k, link, span, enrichment, settled));
      }
    });
    return enrichment;
  }

  /** The enrichers that still owe attributes took too long: that counts as a failure. */
  gaveUpOn(enrichment: Enrichment): void {
    for (const k of enrichment.pending) {
      const link = this.#links[k];
      if (link) failed(link, 'spanEnded', new Error('it took too long'));
    }
    enrichment.pending.clear();
  }
}

/** False while the answer is still to come. */
function end(k: number, link: Link, span: EndedSpan, enrichment: Enrichment, settled: () => void): boolean {
  const result = link.enricher.spanEnded?.(span);
  if (!isThenable(result)) {
    enrichment.parts[k] = attributesOf(result);
    return true;
  }
  enrichment.pending.add(k);
  // Once it is no longer pending, the span has left without it.
  const answer = (take: () => void): void => {
    if (!enrichment.pending.delete(k)) return;
    attempt(link, 'spanEnded', take);
    if (enrichment.pending.size === 0) settled();
  };
  Promise.resolve(result).then(
    (value) =>
      answer(() => {
        enrichment.parts[k] = attributesOf(value);
      }),
    (error: unknown) =>
      answer(() => {
        throw error;
      }),
  );
  return false;
}

function attempt(link: Link, hook: Hook, run: () => unknown): void {
  if (link.isOff) return;
  try {
    const result = run();
    // A hook that is async although nobody awaits it must not reject into the application.
    if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => failed(link, hook, error));
    else if (result !== false) link.failures[hook] = 0;
  } catch (error) {
    failed(link, hook, error);
  }
}

/** Says so the first time, and when it switches the enricher off. */
function failed(link: Link, hook: Hook, error: unknown): void {
  const failures = ++link.failures[hook];
  const { name } = link.enricher;
  const reason = error instanceof Error ? error.message : String(error);
  // Before it is said: a line of the log asks for the fields of every enricher again.
  const isFirst = !link.hasReported;
  link.hasReported = true;
  if (failures >= MAX_FAILURES && !link.isOff) {
    link.isOff = true;
    diag.error(`Enricher ${name} is switched off: ${MAX_FAILURES} failures in a row, the last in ${hook}: ${reason}`);
  } else if (isFirst) {
    diag.error(`Enricher ${name} failed in ${hook}: ${reason}. What it would have added is missing.`);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Enrichers come from untyped callers too. */
function attributesOf(value: unknown): Attributes | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    throw new TypeError(`it returned ${typeof value}, not attributes`);
  return value as Attributes; // the values are checked where they are put on the span
}
