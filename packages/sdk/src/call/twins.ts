import { createReport } from '@benchlab-otel/core';
import { shared } from './shared.ts';

/** Names that are remembered. A program with more marked methods is not checked further. */
const maxNames = 2_000;

const classes = /* @__PURE__ */ shared('classes', new Map<string, WeakRef<object>>());
const report = createReport('decorators');

/**
 * Warns once of a name that methods of two classes have: bundlers shorten names, and modules may have classes of one
 * name. A class that is loaded again, as in development, has the same text.
 */
export function warnOfTwin(name: string, owner: object): void {
  const own: unknown = typeof owner === 'function' ? owner : owner.constructor;
  if (typeof own !== 'function') return;
  const first = classes.get(name)?.deref();
  if (first === undefined) {
    if (classes.size < maxNames) classes.set(name, new WeakRef(own));
  } else if (first !== own && `${first}` !== `${own}`) {
    report(
      `two classes have a method named ${name}, so that their spans and series are one. Keep names in the bundler, or set functionName.`,
    );
  }
}
