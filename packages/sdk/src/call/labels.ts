import type { AttributeName, Report } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { errorType } from './failure.ts';
import { selectAttributes } from './selector.ts';

/** Attributes of a metric's points: few different values, because each combination is a series. */
export type MetricAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** On every point, or made from the arguments of the call. `A` are the parameters of the function, or fewer. */
export type LabelSource<A extends readonly unknown[] = unknown[]> =
  | MetricAttributes
  | ((...args: A) => MetricAttributes | undefined);

/** Different values that one attribute of one decorated function may have; the SDK itself stops at 2000 series. */
const maxValues = 100;
const maxValueLength = 255;
/** Replaces every further value: the semantic conventions have it for `error.type`. */
const overflow = '_OTHER';

const functionNameKey = 'code.function.name' satisfies AttributeName;
const errorTypeKey = 'error.type' satisfies AttributeName;

/** The attributes of one decorated function's points. `allowed` is the list in the metric's definition, if it has one. */
export class Labels {
  readonly #source: LabelSource;
  readonly #allowed: readonly string[] | undefined;
  readonly #report: Report;
  readonly #values = new Map<string, Set<unknown>>();
  #fixed: { readonly of: string; readonly attributes: Attributes } | undefined;

  constructor(source: LabelSource, allowed: readonly string[] | undefined, report: Report) {
    this.#source = source;
    this.#allowed = allowed;
    this.#report = report;
  }

  /** The attributes of a call that has not failed: the same object for every call, unless a selector makes them. */
  ofCall(functionName: string, self: unknown, args: readonly unknown[]): Attributes {
    if (this.#fixed?.of !== functionName) {
      const attributes: Attributes = this.#allows(functionNameKey) ? { [functionNameKey]: functionName } : {};
      if (typeof this.#source !== 'function') this.#add(attributes, this.#source);
      this.#fixed = { of: functionName, attributes };
    }
    if (typeof this.#source !== 'function') return this.#fixed.attributes;
    const attributes = { ...this.#fixed.attributes };
    this.#add(attributes, selectAttributes(this.#source, self, args, this.#report) ?? {});
    return attributes;
  }

  ofFailure(ofCall: Attributes, error: unknown): Attributes {
    if (!this.#allows(errorTypeKey)) return ofCall;
    return { ...ofCall, [errorTypeKey]: this.#bound(errorTypeKey, errorType(error)) };
  }

  #add(attributes: Attributes, more: MetricAttributes): void {
    for (const [key, value] of Object.entries(more)) {
      if (value === undefined) continue;
      if (!this.#allows(key)) this.#report(`the metric does not list '${key}'; it was left out.`);
      else if (isLabel(value)) attributes[key] = this.#bound(key, value);
      else this.#report(`'${key}' is not a string, number or boolean; it was left out.`);
    }
  }

  #allows(key: string): boolean {
    return this.#allowed === undefined || this.#allowed.includes(key);
  }

  #bound(key: string, value: string | number | boolean): string | number | boolean {
    const bounded = typeof value === 'string' ? value.slice(0, maxValueLength) : value;
    const values = this.#values.get(key) ?? new Set();
    if (values.has(bounded)) return bounded;
    if (values.size >= maxValues) {
      this.#report(`'${key}' has more than ${maxValues} values; others are recorded as ${overflow}.`);
      return overflow;
    }
    this.#values.set(key, values.add(bounded));
    return bounded;
  }
}

function isLabel(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
