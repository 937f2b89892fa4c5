import {
  type EndedSpan,
  type EnrichedSignal,
  type Enricher,
  isObject,
  isThenable,
  OptionError,
  type SelfCount,
  type StartedSpan,
} from '@benchlab-otel/core';
import { type Attributes, type Context, context, ROOT_CONTEXT, type Span } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { boundedAttributes } from './boundedAttributes.ts';
import { EnricherLink } from './enricherLink.ts';
import { checkSignals, EnricherRegistry } from './enricherRegistry.ts';

/** What the enrichers of one ended span have returned so far, in their order. */
export class Enrichment {
  parts: (Attributes | undefined)[] = [];
  /** The enrichers that have not answered yet, by their places in `parts`; undefined for those that have. */
  pending: (EnricherLink | undefined)[] = [];
  /** How many these are. */
  waiting = 0;
}

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
        if (!link.isOff && link.enricher.spanEnded !== undefined) end(link, k + first, span, enrichment, settled);
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
        const fields = bounded(link, attributesOf(call(link.enricher)));
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

/** They come from untyped callers too. */
function checkEnrichers(enrichers: unknown): void {
  const names = new Set<string>();
  if (!Array.isArray(enrichers)) throw new OptionError({ option: 'enrichers', value: enrichers, allowed: 'a list' });
  for (const [k, enricher] of enrichers.entries()) {
    if (!isObject(enricher) || typeof enricher.name !== 'string') {
      const allowed = 'an object with a name and the hooks of an enricher';
      throw new OptionError({ option: `enrichers[${k}]`, value: enricher, allowed });
    }
    checkSignals(`enrichers[${k}].signals`, enricher.signals);
    // Registries have the names of their functions.
    if (names.has(enricher.name) && !(enricher instanceof EnricherRegistry)) {
      const allowed = 'a name that no other enricher has';
      throw new OptionError({ option: `enrichers[${k}].name`, value: enricher.name, allowed });
    }
    names.add(enricher.name);
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
    return bounded(link, attributesOf(await Promise.race([answer, late]))) ?? {};
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

function bounded(link: EnricherLink, attributes: Attributes | undefined): Attributes | undefined {
  return (
    attributes &&
    boundedAttributes(attributes, () => {
      link.cut += 1;
    })
  );
}

function isFor({ signals }: Enricher, kind: EnrichedSignal['kind']): boolean {
  return signals === undefined || signals.includes(kind);
}

function end<E extends Enrichment>(
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
      to.parts[place] = bounded(link, attributesOf(result));
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
      this.#to.parts[this.#place] = bounded(this.#link, attributesOf(value));
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

function hasAny(attributes: Attributes): boolean {
  for (const _name in attributes) return true;
  return false;
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
