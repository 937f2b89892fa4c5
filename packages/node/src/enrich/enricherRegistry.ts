import {
  createReport,
  type EnrichedSignal,
  type Enricher,
  isObject,
  isThenable,
  knownOptions,
  OptionError,
  textOption,
} from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { EnricherLink } from './enricherLink.ts';

/** Returns the fields to append to a signal, at once. */
export type AppendFields = (signal: EnrichedSignal) => Attributes | undefined;

/** Functions that may be registered at the same time: each runs for every signal. */
const maxFunctions = 64;
/** Fields that one function may append to one signal. */
const maxFields = 32;

/**
 * Functions that append domain fields, registered by name, before telemetry starts or while it runs. Put it among the
 * `enrichers` of `startTelemetry`, and its functions are asked for every span, log line, stream event and point of a
 * metric, like other enrichers: the attributes of the signal itself win; a later function wins over an earlier one; a
 * function that fails is reported, and after five failures in a row no longer called.
 *
 * @example
 * const fields = new EnricherRegistry({ signals: ['span', 'log', 'event'] });
 * await startTelemetry({ enrichers: [fields] });
 * const remove = fields.register('tenant', () => ({ 'tenant.id': tenants.current }));
 */
export class EnricherRegistry implements Enricher {
  readonly name = 'registered';
  readonly signals?: readonly EnrichedSignal['kind'][];
  readonly #links = new Map<string, EnricherLink>();

  /** One of another copy of this package is a registry too: an application may have two. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return isObject(value) && value.name === 'registered' && typeof value.links === 'function';
  }

  /**
   * @param options `signals`: the kinds that the functions are asked for. Without `metric`, points of metrics cost what they
   *   cost without a registry.
   * @throws OptionError for a kind that does not exist
   */
  constructor(options: Pick<Enricher, 'signals'> = {}) {
    knownOptions<Pick<Enricher, 'signals'>>('EnricherRegistry', options, { signals: true });
    const { signals } = options;
    checkSignals('signals', signals);
    if (signals !== undefined) this.signals = [...signals];
  }

  /**
   * Registers a function. The returned function removes it.
   *
   * @throws OptionError when the name is empty or in use, `append` is not a function, or 64 functions are registered
   */
  register(name: string, append: AppendFields): () => void {
    textOption('name', name);
    if (typeof append !== 'function') throw new OptionError({ option: 'append', value: append, allowed: 'a function' });
    if (this.#links.has(name)) {
      throw new OptionError({ option: 'name', value: name, allowed: 'a name that is not registered already' });
    }
    if (this.#links.size >= maxFunctions) {
      throw new OptionError({ option: 'name', value: name, allowed: `one of at most ${maxFunctions}: remove another` });
    }
    const link = new EnricherLink(enricherOf(name, append, this.signals));
    this.#links.set(name, link);
    return () => {
      if (this.#links.get(name) === link) this.#links.delete(name);
    };
  }

  /** The functions that are registered now, as enrichers of a chain. */
  links(): readonly EnricherLink[] {
    return [...this.#links.values()];
  }
}

function enricherOf(name: string, append: AppendFields, signals: Enricher['signals']): Enricher {
  const report = createReport(`enricher ${name}`);
  const fields = (signal: EnrichedSignal): Attributes => {
    const appended = append(signal) ?? {};
    // The chain refuses a value that is not an object of fields: untyped callers may return one.
    if (!isObject(appended) || isThenable(appended)) return appended;
    const entries = Object.entries(appended);
    if (entries.length <= maxFields) return appended;
    report(`it returned more than ${maxFields} fields; the others were left out.`);
    return Object.fromEntries(entries.slice(0, maxFields));
  };
  return {
    name,
    fields,
    ...(signals && { signals }),
    ...(signals?.includes('span') !== false && {
      spanEnded: (span) => fields({ kind: 'span', name: span.name, attributes: span.attributes }),
    }),
  };
}

const kinds = ['span', 'log', 'event', 'metric'] as const satisfies readonly EnrichedSignal['kind'][];

/** Enrichers come from untyped callers too. @throws OptionError */
export function checkSignals(option: string, signals: unknown): void {
  if (signals === undefined) return;
  const isRight = Array.isArray(signals) && signals.every((each) => kinds.some((kind) => kind === each));
  if (!isRight) throw new OptionError({ option, value: signals, allowed: `a list of ${kinds.join(', ')}` });
}
