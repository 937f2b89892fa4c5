/** The name of a method that may start the work of a thenable. */
export type Starter = string | symbol;

/**
 * Methods by which libraries start a query: Mongoose, Prisma, Knex, Drizzle, Bluebird, Objection, execa. Others are left as
 * they are: `await job.progress()` does not start the job, `resultSize` and `explain` not the query.
 */
const known =
  /^(then|exec|execute|requestTransaction|run|send|catch|finally|stream|cursor|iterate|toPromise|asCallback|toArray|all|get|spread|tap|reflect)$/;

export function isStarter(key: PropertyKey): boolean {
  return typeof key === 'string' ? known.test(key) : key === Symbol.asyncIterator;
}

/** The methods of an object itself, of those names, without what it inherits. Getters are not called. */
export function methodsOf(object: object, isWanted: (key: PropertyKey) => boolean): Starter[] {
  return Reflect.ownKeys(object).filter(
    (key) => isWanted(key) && isMethod(Object.getOwnPropertyDescriptor(object, key)?.value),
  );
}

/** False for a class and for a function with properties, which a replacement would not have. */
function isMethod(value: unknown): boolean {
  return typeof value === 'function' && Object.keys(value).length === 0 && !/^class\b/.test(String(value));
}
