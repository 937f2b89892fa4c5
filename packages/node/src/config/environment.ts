import { BenchlabError } from '@benchlab-otel/core';

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A value with the name of the option or variable that it came from, so that an error can name it. */
export interface Setting<T> {
  readonly value: T;
  readonly from: string;
}

/**
 * The first of the variables that is set. One that is empty counts as unset (OpenTelemetry specification 1.x,
 * "Environment Variable Specification", parsing empty value).
 */
export function firstSet(env: Env, names: readonly string[]): Setting<string> | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value) return { value, from: name };
  }
  return undefined;
}

/** An option where it is given, else the first of the variables. */
export function optionOrEnv<T>(
  from: string,
  option: T | undefined,
  env: Env,
  names: readonly string[],
): Setting<T | string> | undefined {
  return option === undefined ? firstSet(env, names) : { value: option, from };
}

/** A whole number between two bounds, both allowed. */
export function wholeNumber(setting: Setting<number | string>, least: number, most: number): number {
  const { value, from } = setting;
  const parsed = typeof value === 'number' ? value : /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isInteger(parsed) && parsed >= least && parsed <= most) return parsed;
  throw badSetting(`${from} is ${shown(value)}.`, `Set a whole number from ${least} to ${most}.`);
}

/** Text that is not empty. Options come from untyped callers too. */
export function text(setting: Setting<unknown>): string {
  if (typeof setting.value === 'string' && setting.value.trim() !== '') return setting.value.trim();
  throw badSetting(`${setting.from} is ${shown(setting.value)}.`, 'Set a text, or leave it out.');
}

/** One of a closed set of words. */
export function oneOf<T extends string>(setting: Setting<string>, words: readonly T[]): T {
  const lower = setting.value.toLowerCase();
  const word = words.find((candidate) => candidate === lower);
  if (word !== undefined) return word;
  throw badSetting(`${setting.from} is ${shown(setting.value)}.`, `Set one of ${words.join(', ')}.`);
}

/**
 * `key=value,key=value` with percent-encoded values, as OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS write
 * it. Values may be secrets, so an error counts entries and quotes none.
 */
export function pairs(setting: Setting<string>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [k, entry] of setting.value.split(',').entries()) {
    if (entry.trim() === '') continue;
    const equals = entry.indexOf('=');
    const key = decoded(entry.slice(0, Math.max(0, equals)));
    const value = decoded(entry.slice(equals + 1));
    if (!key || value === undefined) {
      throw badSetting(
        `Entry ${k + 1} of ${setting.from} is not a pair.`,
        'Write key=value,key=value, with commas and percent signs in values percent-encoded.',
      );
    }
    result[key] = value;
  }
  return result;
}

export function badSetting(what: string, fix: string): BenchlabError {
  return new BenchlabError('BAD_OPTION', what, fix);
}

/** A value for an error message: quoted and not endless. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : String(value).slice(0, 100);
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part.trim());
  } catch {
    return undefined;
  }
}
