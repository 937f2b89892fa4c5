import type { Attributes } from '@opentelemetry/api';
import { attributes } from '../registry/attributes.ts';
import type { AttributeDefinition } from '../registry/definition.ts';

/** Takes the place of a value that is not in the closed set, as `error.type` has it for errors of no known type. */
const other = '_OTHER';

/** Told what was wrong with one attribute; the rest is recorded all the same. */
export type AttributeFault = (trouble: string) => void;

const byName: ReadonlyMap<string, AttributeDefinition> = new Map(attributes.map((each) => [each.name, each]));

/**
 * What of `given` may be recorded under these names. A name that is not among them and a value of another type are left
 * out, a value outside the closed set of its attribute becomes `_OTHER`, a longer string is cut; each is a fault.
 * Undefined values are no fault.
 */
export function checkAttributes(
  names: readonly string[],
  given: unknown,
  maxLength: number,
  fault: AttributeFault,
): Attributes {
  const checked: Attributes = {};
  if (given === undefined) return checked;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    fault('the attributes are no object; they were left out.');
    return checked;
  }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!names.includes(name)) fault(`the registry does not list '${name}' for it; it was left out.`);
    else put(checked, name, value, maxLength, fault);
  }
  return checked;
}

function put(checked: Attributes, name: string, value: unknown, maxLength: number, fault: AttributeFault): void {
  const definition = byName.get(name);
  if (!isOfType(value, definition?.type)) {
    fault(`the value of '${name}' is no ${definition?.type ?? 'string, number or boolean'}; it was left out.`);
  } else if (definition?.values !== undefined && !definition.values.includes(String(value))) {
    fault(`'${name}' is one of ${definition.values.join(', ')}; another value was recorded as ${other}.`);
    checked[name] = other;
  } else if (typeof value === 'string' && value.length > maxLength) {
    fault(`'${name}' is longer than ${maxLength} characters; it was cut.`);
    checked[name] = value.slice(0, maxLength);
  } else {
    checked[name] = value;
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
