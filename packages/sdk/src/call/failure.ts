import { hasIdentity } from './hasIdentity.ts';

/** The `error.type` of an error whose kind is unknown: the fallback of the semantic conventions. */
const other = '_OTHER';

// A message can contain a whole response body and a stack a thousand frames; a name is a metric label.
const maxNameLength = 128;
const maxMessageLength = 4_096;
const maxStackLength = 16_384;

/** What is recorded of a thrown value. */
export interface Failure {
  /** The value of `error.type`, equal on span and metric. */
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/**
 * The kind of error, with few different values: its own name, else its class, else its code (`ENOENT` is more precise
 * than `Error`). Anything may be thrown, also an object that throws when it is read.
 */
export function errorType(error: unknown): string {
  const name = readText(error, 'name');
  if (name !== undefined && name !== 'Error') return name.slice(0, maxNameLength);
  const className = readText(read(error, 'constructor'), 'name');
  const isPlain = className === undefined || className === 'Error' || className === 'Object';
  return (isPlain ? (readText(error, 'code') ?? name ?? other) : className).slice(0, maxNameLength);
}

/** What is recorded of `error`. Never its other properties, which may contain data that must not leave the process. */
export function describeFailure(error: unknown): Failure {
  const type = errorType(error);
  const message = (readText(error, 'message') ?? (hasIdentity(error) ? '' : String(error))).slice(0, maxMessageLength);
  const stack = readText(error, 'stack')?.slice(0, maxStackLength);
  return { type, message, stack };
}

function readText(object: unknown, key: string): string | undefined {
  const text = read(object, key);
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function read(object: unknown, key: string): unknown {
  if (!hasIdentity(object)) return undefined;
  try {
    return Reflect.get(object, key);
  } catch {
    return undefined;
  }
}
