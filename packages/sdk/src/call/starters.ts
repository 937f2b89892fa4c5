/** The name of a method that may start the work of a thenable. */
export type Starter = string | symbol;

/**
 * Methods by which libraries start a query: Mongoose, Prisma, Knex, Drizzle, Bluebird, Objection, execa. Others are left as
 * they are: `await job.progress()` does not start the job, `resultSize` and `explain` not the query, and a builder has hundreds of them.
 */
const known =
  /^(exec|execute|requestTransaction|run|send|catch|finally|stream|cursor|iterate|toPromise|asCallback|toArray|all|get|spread|tap|reflect)$/;

const ofPrototypes = new WeakMap<object, readonly Starter[]>();

/** The methods of a thenable, except `then`, that may start its work. */
export function startersOf(thenable: object): readonly Starter[] {
  const own = methodsOf(thenable);
  const inherited = startersOfPrototype(Object.getPrototypeOf(thenable));
  // The usual case, for each call: an object of fields, whose methods are those of its class.
  return own.length === 0 ? inherited : [...new Set([...own, ...inherited])];
}

function startersOfPrototype(prototype: object | null): readonly Starter[] {
  if (prototype === null || prototype === Object.prototype) return [];
  const starters = ofPrototypes.get(prototype) ?? startersOf(prototype);
  ofPrototypes.set(prototype, starters);
  return starters;
}

/** Getters are not called. */
function methodsOf(object: object): Starter[] {
  return Reflect.ownKeys(object).filter(
    (key) =>
      (typeof key === 'string' ? known.test(key) : key === Symbol.asyncIterator) &&
      isMethod(Object.getOwnPropertyDescriptor(object, key)?.value),
  );
}

/** False for a class and for a function with properties, which a replacement would not have. */
function isMethod(value: unknown): boolean {
  return typeof value === 'function' && Object.keys(value).length === 0 && !/^class\b/.test(String(value));
}
