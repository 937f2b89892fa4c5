import type { AttributeDefinition } from '@benchlab-otel/core';
import { attributes } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

/** Takes the place of a value that is not in the closed set, as `error.type` has it for errors of no known type. */
const other = '_OTHER';

const byName: ReadonlyMap<string, AttributeDefinition> = new Map(attributes.map((each) => [each.name, each]));

/** Says what of given attributes may be recorded under the names of one definition. */
export class AttributeCheck {
  /** Names that the registry does not have are the application's own: any scalar will do. */
  readonly #allowed: ReadonlyMap<string, AttributeDefinition | undefined>;
  readonly #maxLength: number;
  readonly #fault: (trouble: string) => void;

  /** @param fault told what was wrong with one attribute; the rest is recorded all the same */
  constructor(names: readonly string[], maxLength: number, fault: (trouble: string) => void) {
    this.#allowed = new Map(names.map((name) => [name, byName.get(name)]));
    this.#maxLength = maxLength;
    this.#fault = fault;
  }

  /**
   * A name that is not listed and a value of another type are left out, a value outside the closed set of its attribute
   * becomes `_OTHER`, a longer string is cut; each is a fault. Undefined values are none. Throws what a getter throws.
   */
  attributes(given: unknown): Attributes {
    const checked: Attributes = {};
    if (given === undefined) return checked;
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      this.#fault('the attributes are no object; they were left out.');
      return checked;
    }
    for (const name of Object.keys(given)) {
      const value = (given as Readonly<Record<string, unknown>>)[name];
      if (value !== undefined) this.#put(checked, name, value);
    }
    return checked;
  }

  #put(checked: Attributes, name: string, value: unknown): void {
    const definition = this.#allowed.get(name);
    if (definition === undefined && !this.#allowed.has(name)) {
      this.#fault(`the registry does not list '${name}' for it; it was left out.`);
    } else if (!isOfType(value, definition?.type)) {
      this.#fault(`the value of '${name}' is no ${definition?.type ?? 'string, number or boolean'}; it was left out.`);
    } else if (definition?.values !== undefined && !definition.values.includes(String(value))) {
      this.#fault(`'${name}' is one of ${definition.values.join(', ')}; another value was recorded as ${other}.`);
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

function isOfType(
  value: unknown,
  type: AttributeDefinition['type'] | undefined,
): value is Scalar | string[] | number[] {
  if (type === 'string[]') return Array.isArray(value) && value.every((each) => typeof each === 'string');
  if (type === 'int[]') return Array.isArray(value) && value.every(Number.isInteger);
  if (type === 'int') return Number.isInteger(value);
  if (typeof value === 'number') return Number.isFinite(value) && (type === undefined || type === 'number');
  if (typeof value !== 'string' && typeof value !== 'boolean') return false;
  return type === undefined || typeof value === type;
}
