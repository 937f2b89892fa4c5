/** The name of a method that may start the work of a thenable. */
export type Starter = string | symbol;

/** A query builder has hundreds of methods. Beyond this number, only the known ones are looked at. */
const maxMethods = 32;
/** Methods by which libraries start a query: Mongoose, Prisma, Knex, Drizzle, Bluebird, Objection, execa. */
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
  const all = new Set<Starter>();
  let object: object | null = prototype;
  for (; object !== null && object !== Object.prototype; object = Object.getPrototypeOf(object)) {
    for (const key of methodsOf(object)) all.add(key);
  }
  const starters = [...all].filter(
    (key) => all.size <= maxMethods || key === Symbol.asyncIterator || known.test(String(key)),
  );
  ofPrototypes.set(prototype, starters);
  return starters;
}

/** Getters are not called. */
function methodsOf(object: object): Starter[] {
  return Reflect.ownKeys(object).filter(
    (key) =>
      key !== 'constructor' &&
      key !== 'then' &&
      typeof Object.getOwnPropertyDescriptor(object, key)?.value === 'function',
  );
}
