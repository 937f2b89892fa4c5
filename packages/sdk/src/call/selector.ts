import type { Report } from '@benchlab-otel/core';

/** A value, or a function that reads it from the arguments of a call. */
export type Selected<A extends readonly unknown[], T> = T | ((...args: A) => T);
type Selector = (...args: never[]) => unknown;

/** Characters of a name, which is the key of an operation in tables and in metrics made from spans. */
const maxNameLength = 255;

/**
 * Calls a selector safely. One that throws, or returns anything but an object of attributes, is reported, and the call
 * has no such attributes.
 */
export function selectAttributes<T extends object>(
  selector: (...args: never[]) => T | undefined,
  self: unknown,
  args: readonly unknown[],
  report: Report,
): T | undefined {
  const selected = select(selector, self, args, report);
  if (selected === undefined) return undefined;
  if (typeof selected === 'object' && selected !== null && !(selected instanceof Promise)) return selected as T;
  report('a selector must return an object, not a promise.');
  return undefined;
}

/** Like `selectAttributes`, for a name. */
export function selectName(
  selector: (...args: never[]) => string,
  self: unknown,
  args: readonly unknown[],
  report: Report,
): string | undefined {
  const selected = select(selector, self, args, report);
  if (typeof selected === 'string' && selected !== '') return selected.slice(0, maxNameLength);
  if (selected !== undefined) report('`name` must return a string, not a promise.');
  return undefined;
}

/** What the selector returns, or undefined when it throws. */
export function select(selector: Selector, self: unknown, args: readonly unknown[], report: Report): unknown {
  try {
    const selected: unknown = Reflect.apply(selector, self, args);
    // A rejection without a handler would end the process.
    if (selected instanceof Promise) selected.catch(() => {});
    return selected;
  } catch (error) {
    report('a selector threw.', error);
    return undefined;
  }
}
