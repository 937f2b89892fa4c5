import type { EndedSpan, EnrichedSignal, Enricher, SelfCount, StartedSpan } from '@benchlab-otel/core';
import { type Attributes, type Context, context, ROOT_CONTEXT, type Span } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { checkEnrichers } from './checkEnrichers.ts';
import { EnricherLink } from './enricherLink.ts';
import { EnricherRegistry } from './enricherRegistry.ts';
import { askEnded, type Enrichment } from './enrichment.ts';
import { returnedAttributes } from './returnedAttributes.ts';

/** Longest time that the start waits for attributes of the resource, ms. */
const resourceMs = 1_000;

// Hooks run in this context. Without it, an enricher that starts a span would be called for that span too, without end.
const untraced = suppressTracing(ROOT_CONTEXT);

/** Runs the hooks of enrichers so that none can harm the application: not by throwing, nor by invalid values, nor by spans. */
export class EnricherChain {
  /** A registry stands for the functions that are registered when a hook is called. */
  readonly #members: readonly (EnricherLink | EnricherRegistry)[];
  /** The members, where none is a registry. */
  readonly #fixed: readonly EnricherLink[] | undefined;
  readonly #hasStartHooks: boolean;
  readonly #hasConstantSpanFields: boolean;
  /** By kind, once they were asked for. */
  readonly #constants = new Map<EnrichedSignal['kind'], Attributes>();

  /**
   * @throws OptionError for a value that is not an enricher, for one that names a kind of signal that does not exist, and for
   *   two of one name
   */
  constructor(enrichers: readonly Enricher[]) {
    checkEnrichers(enrichers);
    const members = enrichers.map((each) => (each instanceof EnricherRegistry ? each : new EnricherLink(each)));
    this.#members = members;
    this.#fixed = members.every((each) => each instanceof EnricherLink) ? members : undefined;
    this.#hasConstantSpanFields = enrichers.some((enricher) => hasFields(enricher, 'span', true));
    this.#hasStartHooks = enrichers.some((enricher) => enricher.spanStarted !== undefined);
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  /** What the enrichers have done, each by its name. */
  counts(): readonly SelfCount[] {
    return this.#links().flatMap((link) => link.counts());
  }

  /** Whether fields of signals of a kind differ from one signal to the next. */
  hasFieldsFor(kind: EnrichedSignal['kind']): boolean {
    return this.#members.some((member) =>
      member instanceof EnricherRegistry ? isFor(member, kind) : hasFields(member.enricher, kind, false),
    );
  }

  /** The fields that all signals of a kind have. The caller lets the signal's own fields win. */
  constantFields(kind: EnrichedSignal['kind']): Attributes {
    const known = this.#constants.get(kind);
    if (known !== undefined) return known;
    const signal: EnrichedSignal = { kind, name: '', attributes: {} };
    const fields = context.with(untraced, () =>
      this.#collected(
        (enricher) => enricher.fields?.(signal),
        (enricher) => hasFields(enricher, kind, true),
      ),
    );
    this.#constants.set(kind, fields);
    return fields;
  }

  /** Waits for promises for a second: what comes later is a failure of its enricher. Never rejects. */
  async resource(): Promise<Attributes> {
    const links = this.#links().filter(({ enricher }) => enricher.resource !== undefined);
    const parts = await Promise.all(links.map(resourceOf));
    const all: Attributes = {};
    for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
      if (value !== undefined) all[name] = value;
    }
    return all;
  }

  /** The fields to append to a log line, a stream event or a point. The caller lets the signal's own fields win. */
  fields(signal: EnrichedSignal): Attributes {
    // In the context of the application: its baggage may have a tenant.
    return context.with(suppressTracing(context.active()), () =>
      this.#collected(
        (enricher) => enricher.fields?.(signal),
        (enricher) => hasFields(enricher, signal.kind, false),
      ),
    );
  }

  /** Attributes that the application gave the span before are put back where a hook has overwritten them. */
  spanStarted(span: Span & { readonly attributes: Attributes }, parent: Context, started: StartedSpan): void {
    if (!this.#hasStartHooks) return;
    const given = hasAny(span.attributes) ? { ...span.attributes } : undefined;
    context.with(untraced, () => {
      for (const link of this.#links()) {
        if (link.enricher.spanStarted === undefined) continue;
        link.attempt('spanStarted', () => link.enricher.spanStarted?.(span, parent, started));
      }
    });
    for (const name in given) {
      const value = given[name];
      if (span.attributes[name] !== value && value !== undefined) span.setAttribute(name, value);
    }
  }

  /**
   * @param settled called when the last enricher that is waited for has answered, never before this returns
   * @param enrichment what the answers go into
   */
  spanEnded<E extends Enrichment>(span: EndedSpan, settled: (enrichment: E) => void, enrichment: E): E {
    // One more, so that an answer at once does not settle a span whose other enrichers have not been asked.
    enrichment.waiting = 1;
    const links = this.#links();
    // Of their final length: a list that grows makes room for 17 at once, and many spans are held.
    const first = this.#hasConstantSpanFields ? 1 : 0;
    enrichment.parts = new Array(links.length + first).fill(undefined);
    enrichment.pending = new Array(links.length + first).fill(undefined);
    if (first === 1) enrichment.parts[0] = this.constantFields('span');
    context.with(untraced, () => {
      for (const [k, link] of links.entries()) {
        if (!link.isOff && link.enricher.spanEnded !== undefined) askEnded(link, k + first, span, enrichment, settled);
      }
    });
    enrichment.waiting--;
    return enrichment;
  }

  /** The enrichers that have not answered took too long: that counts as a failure. */
  gaveUpOn(enrichment: Enrichment): void {
    const late = enrichment.pending.splice(0);
    enrichment.waiting = 0;
    for (const link of late) link?.failed('spanEnded', new Error('it took too long'));
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

  #collected(call: (enricher: Enricher) => unknown, isAsked: (enricher: Enricher) => boolean): Attributes {
    const all: Attributes = {};
    for (const link of this.#links()) {
      if (!isAsked(link.enricher)) continue;
      link.attempt('fields', () => {
        const fields = returnedAttributes(link, call(link.enricher));
        for (const name in fields) {
          const value = fields[name];
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

/** Empty where the hook fails or takes too long. */
async function resourceOf(link: EnricherLink): Promise<Attributes> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${resourceMs} ms`)), resourceMs);
  });
  try {
    const answer = context.with(untraced, () => link.timed('resource', () => link.enricher.resource?.()));
    return returnedAttributes(link, await Promise.race([answer, late])) ?? {};
  } catch (error) {
    link.failed('resource', error);
    return {};
  } finally {
    clearTimeout(timer);
  }
}

function hasFields(enricher: Enricher, kind: EnrichedSignal['kind'], isConstant: boolean): boolean {
  return enricher.fields !== undefined && isFor(enricher, kind) && (enricher.isConstant === true) === isConstant;
}

function isFor({ signals }: Enricher, kind: EnrichedSignal['kind']): boolean {
  return signals === undefined || signals.includes(kind);
}

function hasAny(attributes: Attributes): boolean {
  for (const _name in attributes) return true;
  return false;
}
