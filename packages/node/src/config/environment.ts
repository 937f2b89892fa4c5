import { numberOption, OptionError, textOption, wordOption } from '@benchlab-otel/core';

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * The variables as texts. `process.env` has nothing else; the option `env` may come from an untyped caller: numbers and
 * switches are written out, anything else counts as unset, as no text could mean it.
 */
export function texts(env: Env): Env {
  const entries = Object.entries(env as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
    ['string', 'number', 'boolean', 'bigint'].includes(typeof value) ? [[name, String(value)] as const] : [],
  );
  return Object.fromEntries(entries);
}

/** A value with the name of the option or variable that it came from, so that an error can name it. */
export interface Setting<T> {
  readonly value: T;
  readonly from: string;
}

/**
 * The first of the variables that is set. An empty one counts as unset (OpenTelemetry specification 1.x,
 * "Environment Variable Specification", parsing empty value).
 */
export function firstSet(env: Env, names: readonly string[]): Setting<string> | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value) return { value, from: name };
  }
  return undefined;
}

/**
 * Kubernetes sets `NAME_PORT=tcp://10.96.0.12:9090` in each container for each Service of its namespace ("Service links").
 * Such a value is not a setting, although a Service named "prometheus" gives PROMETHEUS_PORT.
 */
export function isServiceLink(value: string | undefined): boolean {
  return value !== undefined && /^(tcp|udp|sctp):\/\//i.test(value.trim());
}

/** The option where it is given, else the first of the variables that is set. */
export function optionOrEnv<T>(
  from: string,
  option: T | undefined,
  env: Env,
  names: readonly string[],
): Setting<T | string> | undefined {
  return option === undefined ? firstSet(env, names) : { value: option, from };
}

/** A whole number between two bounds, both allowed. */
export function wholeNumber({ value, from }: Setting<number | string>, least: number, most: number): number {
  const parsed = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return numberOption(from, parsed, { least, most, isWhole: true });
}

/** A text that is not empty. Options come from untyped callers too. */
export function text({ value, from }: Setting<unknown>): string {
  return textOption(from, value).trim();
}

/** One of a closed set of words, in upper or lower case. */
export function oneOf<T extends string>({ value, from }: Setting<string>, words: readonly T[]): T {
  return wordOption(from, value.toLowerCase(), words);
}

/**
 * `key=value,key=value` with percent-encoded values, as OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS write
 * it. Values may be secrets, so an error counts entries and quotes none.
 */
export function pairs({ value: list, from }: Setting<string>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [k, entry] of list.split(',').entries()) {
    if (entry.trim() === '') continue;
    const equals = entry.indexOf('=');
    const key = decoded(entry.slice(0, Math.max(0, equals)));
    const value = decoded(entry.slice(equals + 1));
    if (!key || value === undefined) {
      const allowed = `key=value,key=value with commas and percent signs percent-encoded, which entry ${k + 1} is not`;
      throw new OptionError({ option: from, value: list, allowed, isSecret: true });
    }
    result[key] = value;
  }
  return result;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part.trim());
  } catch {
    return undefined;
  }
}
