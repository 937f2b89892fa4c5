import { type AttributeDetail, attributes, isObject, type Vocabulary } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

/** Replaces a value that is not in the closed set: the semantic conventions have it for `error.type`. */
const other = '_OTHER';

const ofCore: ReadonlyMap<string, AttributeDetail> = new Map(attributes.map((each) => [each.name, each]));

/** Finds which of given attributes may be recorded under the names of one definition. */
export class AttributeCheck {
  /** A name that neither the vocabulary nor the core defines is the application's own: any scalar fits. */
  readonly #allowed: ReadonlyMap<string, AttributeDetail | undefined>;
  readonly #maxLength: number;
  readonly #fault: (trouble: string) => void;

  /**
   * @param vocabulary what the definition itself defines; other names are looked up in the core
   * @param fault receives what was wrong with one attribute; the others are recorded all the same
   */
  constructor(
    names: readonly string[],
    vocabulary: Vocabulary | undefined,
    maxLength: number,
    fault: (trouble: string) => void,
  ) {
    const own = new Map(Object.entries(vocabulary ?? {}));
    this.#allowed = new Map(names.map((name) => [name, own.get(name) ?? ofCore.get(name)]));
    this.#maxLength = maxLength;
    this.#fault = fault;
  }

  /**
   * A name that is not listed and a value of another type are left out, a value outside the closed set of its attribute
   * becomes `_OTHER`, a longer string is cut; each is a fault. An undefined value is left out without a fault. Throws
   * what a getter throws.
   */
  attributes(given: unknown): Attributes {
    const checked: Attributes = {};
    if (given === undefined) return checked;
    if (!isObject(given)) {
      this.#fault('the attributes are not an object; they were left out.');
      return checked;
    }
    for (const name of Object.keys(given)) {
      const value = given[name];
      if (value !== undefined) this.#put(checked, name, value);
    }
    return checked;
  }

  #put(checked: Attributes, name: string, value: unknown): void {
    const definition = this.#allowed.get(name);
    if (definition === undefined && !this.#allowed.has(name)) {
      this.#fault(`its definition does not list '${name}'; it was left out.`);
    } else if (!isOfType(value, definition?.type)) {
      this.#fault(
        `the value of '${name}' is not of the type ${definition?.type ?? 'string, number or boolean'}; it was left out.`,
      );
    } else if (definition?.values !== undefined && !definition.values.includes(String(value))) {
      this.#fault(`'${name}' must be one of ${definition.values.join(', ')}; another value was recorded as ${other}.`);
      checked[name] = other;
    } else if (typeof value === 'string' && value.length > this.#maxLength) {
      this.#fault(`'${name}' is longer than ${this.#maxLength} characters; it was cut.`);
      checked[name] = value.slice(0, this.#maxLength);
    } else {
      checked[name] = value;
    }
  }
}

type Scalar = string | number | boolean;

function isOfType(value: unknown, type: AttributeDetail['type'] | undefined): value is Scalar | string[] | number[] {
  if (type === 'string[]') return Array.isArray(value) && value.every((each) => typeof each === 'string');
  if (type === 'int[]') return Array.isArray(value) && value.every(Number.isInteger);
  if (type === 'int') return Number.isInteger(value);
  if (typeof value === 'number') return Number.isFinite(value) && (type === undefined || type === 'number');
  if (typeof value !== 'string' && typeof value !== 'boolean') return false;
  return type === undefined || typeof value === type;
}
