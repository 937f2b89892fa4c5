/** The name of a method that may start the work of a thenable. */
export type Starter = string | symbol;

/**
 * Methods by which libraries start a query: Mongoose, Prisma, Knex, Drizzle, Bluebird, Objection, execa. Others are left as
 * they are: `await job.progress()` does not start the job, and a builder has hundreds of them.
 */
const known =
  /^(exec|execute|requestTransaction|run|send|catch|finally|stream|cursor|iterate|explain|toPromise|asCallback|toArray|all|get|spread|tap|reflect|resultSize)$/;

const ofPrototypes = new WeakMap<object, readonly Starter[]>();

/** The methods of a thenable, except `then`, that may start its work. */
export function startersOf(thenable: object): readonly Starter[] {
  const prototype: object | null = Object.getPrototypeOf(thenable);
  const inherited = prototype === null ? [] : startersOfPrototype(prototype);
  const own = methodsOf(thenable);
  return own.length === 0 ? inherited : [...new Set([...own, ...inherited])];
}

function startersOfPrototype(prototype: object): readonly Starter[] {
  const made = ofPrototypes.get(prototype);
  if (made !== undefined) return made;
  const starters = new Set<Starter>();
  let object: object | null = prototype;
  for (; object !== null && object !== Object.prototype; object = Object.getPrototypeOf(object)) {
    for (const key of methodsOf(object)) starters.add(key);
  }
  ofPrototypes.set(prototype, [...starters]);
  return [...starters];
}

/** Getters are not called. */
function methodsOf(object: object): Starter[] {
  return Reflect.ownKeys(object).filter(
    (key) =>
      (key === Symbol.asyncIterator || (typeof key === 'string' && known.test(key))) &&
      isMethod(Object.getOwnPropertyDescriptor(object, key)?.value),
  );
}

/** False for a class and for a function with properties of its own, which a replacement would not have. */
function isMethod(value: unknown): boolean {
  return typeof value === 'function' && Reflect.ownKeys(value).every((key) => isPlain(value, key));
}

function isPlain(method: object, key: PropertyKey): boolean {
  if (key !== 'prototype') return key === 'length' || key === 'name' || key === 'arguments' || key === 'caller';
  // The language makes the prototype of a class read-only.
  return Object.getOwnPropertyDescriptor(method, key)?.writable === true;
}
