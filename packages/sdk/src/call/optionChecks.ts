import { isObject, knownOptions, type MetricDefinition, OptionError } from '@benchlab-otel/core';

/**
 * What the value of an option must be, as the end of "It must be …"; undefined where it is allowed. `all` are the options that
 * are given with it.
 */
export type OptionCheck = (value: unknown, all: Readonly<Record<string, unknown>>) => string | undefined;

/** The checks of the options of `T`: an object, so that the compiler finds an option without one. */
export type OptionChecks<T> = Readonly<Record<keyof T & string, OptionCheck>>;

/**
 * In development, refuses an option that does not exist, and a value that is not allowed. Bundles for production, and
 * browsers without a bundler, do not have the check.
 *
 * @param by what takes the options, for the error: `Timed`
 * @param given the options, or undefined
 * @param checksOf makes the checks: every bundler drops a function that is not used
 * @param textOption the option that a text in place of the options is
 */
export function checkOptions<T>(
  by: string,
  given: unknown,
  checksOf: () => OptionChecks<T>,
  textOption?: keyof T & string,
): void {
  // In the function, not in a constant: some bundlers drop only the calls of functions that they see to be empty.
  if (typeof process !== 'undefined' && process.env.NODE_ENV !== 'production') {
    const isText = typeof given === 'string' && textOption !== undefined;
    refuseWrong(by, isText ? { [textOption]: given } : given, checksOf());
  }
}

/** A constant, because to read process.env takes half a microsecond. */
const isDevelopment = typeof process !== 'undefined' && process.env.NODE_ENV !== 'production';

/** The same at each call of a function that takes a name, options and a function. */
export function checkCall<T>(
  by: string,
  name: unknown,
  given: unknown,
  checksOf: () => OptionChecks<T>,
  fn: unknown,
): void {
  if (isDevelopment) {
    refuse(by, 'name', name, aName);
    if (given !== undefined) refuseWrong(by, given, checksOf());
    refuse(by, 'fn', fn, aBody);
  }
}

/** In development, refuses what is not a function, where a mark is put around one. */
export function checkFunction(by: string, fn: unknown): void {
  if (typeof process !== 'undefined' && process.env.NODE_ENV !== 'production') refuse(by, 'fn', fn, aBody);
}

/** In development, refuses a mark on anything but a method or an accessor. */
export function checkPlace(by: string, key: unknown, kind: string): void {
  if (typeof process !== 'undefined' && process.env.NODE_ENV !== 'production') {
    if (/^(method|getter|setter)$/.test(kind)) return;
    throw new TypeError(`@${by} marks methods and accessors; ${String(key)} is a ${kind}. Wrap its function.`);
  }
}

function refuseWrong<T>(by: string, given: unknown, checks: OptionChecks<T>): void {
  knownOptions<T>(by, given, checks);
  const all = (given ?? {}) as Readonly<Record<string, unknown>>;
  for (const [option, check] of Object.entries<OptionCheck>(checks)) refuse(by, option, all[option], check, all);
}

function refuse(by: string, option: string, value: unknown, check: OptionCheck, all = {}): void {
  const allowed = check(value, all);
  if (allowed !== undefined) throw new OptionError({ option, by, value, allowed });
}

/** An option that may be left out. */
function optional(allowed: string, isAllowed: (value: unknown) => boolean): OptionCheck {
  return (value) => (value === undefined || isAllowed(value) ? undefined : allowed);
}

/** An option that must be given: `null` is a value that no check allows. */
export function required(check: OptionCheck): OptionCheck {
  return (value, all) => check(value ?? null, all);
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isFunction = (value: unknown) => typeof value === 'function';
const isList = (value: unknown, isItem: (item: unknown, index: number, all: readonly unknown[]) => boolean) =>
  Array.isArray(value) && value.every(isItem);

export const aText: OptionCheck = /* @__PURE__ */ optional('a text that is not empty', isText);
/** UCUM; a number of things has none. */
export const aUnit: OptionCheck = /* @__PURE__ */ optional('a text', (value) => typeof value === 'string');
export const aFlag: OptionCheck = /* @__PURE__ */ optional('true or false', (value) => typeof value === 'boolean');
export const aFunction: OptionCheck = /* @__PURE__ */ optional('a function', isFunction);
const aName = /* @__PURE__ */ required(aText);
const aBody = /* @__PURE__ */ required(aFunction);
export const attributesOnly: OptionCheck = /* @__PURE__ */ optional('an object of attributes', isObject);

export const textOrFunction: OptionCheck = /* @__PURE__ */ optional(
  'a text that is not empty, or a function',
  (value) => isText(value) || isFunction(value),
);

export const attributesOrFunction: OptionCheck = /* @__PURE__ */ optional(
  'an object of attributes, or a function that returns one',
  (value) => isObject(value) || isFunction(value),
);

export const texts: OptionCheck = /* @__PURE__ */ optional('a list of texts', (value) => isList(value, isText));

/** The numbers of SpanKind in the API. */
export const aKind: OptionCheck = /* @__PURE__ */ optional(
  'one of SpanKind: 0 to 4',
  (value) => typeof value === 'number' && [0, 1, 2, 3, 4].includes(value),
);

export const spanLinks: OptionCheck = /* @__PURE__ */ optional(
  'a list of links, each with the context of a span',
  (value) => isList(value, (link) => isObject(link) && isObject(link.context)),
);

/** TimeInput of the API. */
export const aTime: OptionCheck = /* @__PURE__ */ optional(
  'a time: milliseconds, a Date, or seconds and nanoseconds',
  (value) =>
    value instanceof Date ||
    Number.isFinite(value) ||
    (isList(value, (part) => Number.isFinite(part)) && (value as unknown[]).length === 2),
);

export const ascending: OptionCheck = /* @__PURE__ */ optional('finite seconds in ascending order', (value) =>
  isList(value, (bound, i, all) => Number.isFinite(bound) && (i === 0 || (bound as number) > (all[i - 1] as number))),
);

export const anOutcome: OptionCheck = /* @__PURE__ */ optional(
  'success or failure',
  (value) => value === 'success' || value === 'failure',
);

// OpenTelemetry specification, metrics API, instrument name syntax.
const nameSyntax = /^[a-z][a-z0-9_./-]{0,254}$/i;

/** A name, or a definition of an instrument of that kind and, where it is given, unit. */
export function metricOf(instrument: MetricDefinition['instrument'], unit?: string): OptionCheck {
  const wanted = `the definition of a ${instrument}${unit === undefined ? '' : ` in ${unit}`}`;
  return optional(`a name like shop.orders, or ${wanted}`, (value) => {
    if (!isObject(value)) return typeof value === 'string' && nameSyntax.test(value);
    const isNamed = typeof value.name === 'string' && nameSyntax.test(value.name);
    return isNamed && value.instrument === instrument && (unit === undefined || value.unit === unit);
  });
}

/** Attributes of the points of the metric next to them, whose definition lists those that there are. */
export const labels: OptionCheck = (value, { metric }) => {
  const listed = isObject(metric) ? metric.attributes : undefined;
  if (!isObject(value) || !Array.isArray(listed)) return attributesOrFunction(value, {});
  const other = Object.keys(value).find((key) => !listed.includes(key));
  return other === undefined
    ? undefined
    : `of attributes that the metric lists (${listed.join(', ')}): ${other} is not one of them`;
};
