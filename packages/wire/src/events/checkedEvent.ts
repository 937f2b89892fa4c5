import { isObject } from '@benchlab-otel/core';
import type { WrittenEvent } from './runtimeEvent.ts';

/** An event that the schema accepts, and what was wrong with it as it was given. */
export interface CheckedEvent {
  readonly event: WrittenEvent;
  /** Names of the fields that were left out: `metrics.power_watts`. */
  readonly faults: readonly string[];
}

type Check = (value: unknown) => boolean;

/** Characters of a word, as in the schema. */
const longestWord = 200;
const isBoolean: Check = (value) => typeof value === 'boolean';
const isEnergy: Check = (value) => Number.isFinite(value) && Number(value) >= 0;
const isPositiveWhole: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 1;

/** The checks of schema/runtime-event.schema.json: of the fields that it names, and of all others. */
const sections: Readonly<Record<string, { readonly named: Readonly<Record<string, Check>>; readonly others: Check }>> =
  {
    metrics: {
      named: {
        tokens_per_second: Number.isFinite,
        power_watts: Number.isFinite,
        power_simulated: isBoolean,
        energy_joules: isEnergy,
      },
      // NaN and infinities have no form in JSON.
      others: (value) => Number.isFinite(value) || isBoolean(value),
    },
    diagnostics: {
      named: { kernel_variant: isWord, missing_artifact: isWord, error_type: isWord, dropped_events: isPositiveWhole },
      others: () => true,
    },
    context: {
      named: { correlation_id: isWord, trace_id: isHex(32), span_id: isHex(16) },
      others: () => true,
    },
  };

/**
 * Makes an event that the schema accepts of what callers without types may give. A wrong field is left out and named in
 * `faults`. Undefined when there is no event name: an event without one has no meaning.
 */
export function checkedEvent(
  given: unknown,
  defaults: { readonly timestamp: string; readonly component: string },
): CheckedEvent | undefined {
  if (!isObject(given) || !isWord(given.event)) return undefined;
  const faults: string[] = [];
  const { event, timestamp, component, ...others } = given;
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(others)) {
    const section = Object.hasOwn(sections, name) ? sections[name] : undefined;
    if (section === undefined) kept[name] = value;
    else if (isObject(value)) addSection(kept, name, value, section, faults);
    else if (value !== undefined) faults.push(name);
  }
  if (timestamp !== undefined && !isTimestamp(timestamp)) faults.push('timestamp');
  if (component !== undefined && !isWord(component)) faults.push('component');
  return {
    event: {
      timestamp: isTimestamp(timestamp) ? timestamp : defaults.timestamp,
      component: isWord(component) ? component : defaults.component,
      event,
      ...kept,
    },
    faults,
  };
}

function addSection(
  kept: Record<string, unknown>,
  name: string,
  given: Record<string, unknown>,
  { named, others }: { readonly named: Readonly<Record<string, Check>>; readonly others: Check },
  faults: string[],
): void {
  const good = Object.entries(given).filter(([field, value]) => {
    if (value === undefined) return false;
    const isGood = Object.hasOwn(named, field) ? named[field]?.(value) === true : others(value);
    if (!isGood) faults.push(`${name}.${field}`.slice(0, longestWord));
    return isGood;
  });
  if (good.length > 0) kept[name] = Object.fromEntries(good);
}

export function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestWord;
}

/** As in the schema: UTC, with a Z. */
export function isTimestamp(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function isHex(digits: number): Check {
  return (value) => typeof value === 'string' && value.length === digits && /^[0-9a-f]*$/.test(value);
}
