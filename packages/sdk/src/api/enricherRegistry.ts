import type { EndedSpan, EnrichedSignal, Enricher } from '@benchlab-otel/core';
import { createReport, type Report } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

/** Says which fields to append to a signal, at once. */
export type AppendFields = (signal: EnrichedSignal) => Attributes | undefined;

/** Functions that may be registered: each runs for every signal. */
const maxFunctions = 64;
/** Fields that one function may append to one signal. */
const maxFields = 32;
/** Failures in a row after which a function is no longer called. */
const maxFailures = 5;

/**
 * Functions that append domain fields, registered by name, before telemetry starts or while it runs. It is an enricher
 * itself: among the `enrichers` of `startTelemetry` its functions are asked for every span, log line, stream event and
 * point of a metric. What the application gave a signal wins; a later function wins over an earlier one.
 * One that throws or answers with rubbish is reported, and after five failures in a row no longer called.
 *
 * @example
 * const fields = new EnricherRegistry();
 * await startTelemetry({ enrichers: [fields] });
 * const remove = fields.register('tenant', () => ({ 'tenant.id': tenants.current }));
 */
export class EnricherRegistry implements Enricher {
  readonly name = 'registered';
  readonly #functions = new Map<string, { readonly append: AppendFields; readonly report: Report; failures: number }>();

  /** @returns what takes the function away again. @throws TypeError or RangeError when the name or function cannot be. */
  register(name: string, append: AppendFields): () => void {
    if (typeof name !== 'string' || name === '') throw new TypeError('register: `name` must be a word.');
    if (typeof append !== 'function') throw new TypeError(`register: '${name}' needs a function.`);
    if (this.#functions.has(name)) throw new TypeError(`register: there is an enricher '${name}' already.`);
    if (this.#functions.size >= maxFunctions) throw new RangeError(`register: no more than ${maxFunctions} enrichers.`);
    const entry = { append, report: createReport(`enricher ${name}`), failures: 0 };
    this.#functions.set(name, entry);
    return () => {
      if (this.#functions.get(name) === entry) this.#functions.delete(name);
    };
  }

  /** What is to be appended to a signal: never a field that it has. Does not throw. */
  fields(signal: EnrichedSignal): Attributes {
    const fields: Attributes = {};
    for (const entry of this.#functions.values()) {
      if (entry.failures >= maxFailures) continue;
      try {
        append(fields, entry.append(signal), signal.attributes, entry.report);
        entry.failures = 0;
      } catch (error) {
        entry.failures += 1;
        const isOff = entry.failures >= maxFailures;
        entry.report(isOff ? 'it failed five times in a row and is switched off.' : 'it failed.', error);
      }
    }
    return fields;
  }

  spanEnded({ name, attributes }: EndedSpan): Attributes | undefined {
    return this.#functions.size === 0 ? undefined : this.fields({ kind: 'span', name, attributes });
  }
}

function append(fields: Attributes, appended: unknown, given: Readonly<Attributes>, report: Report): void {
  if (appended === undefined) return;
  // A rejection that nobody waits for would end the process.
  if (appended instanceof Promise) appended.catch(() => {});
  if (typeof appended !== 'object' || appended === null || Array.isArray(appended) || appended instanceof Promise) {
    throw new TypeError('it must return an object of fields, at once');
  }
  const entries = Object.entries(appended);
  if (entries.length > maxFields) report(`it returned more than ${maxFields} fields; the others were left out.`);
  for (const [key, value] of entries.slice(0, maxFields)) {
    if (!Object.hasOwn(given, key) && value !== undefined) fields[key] = value;
  }
}
