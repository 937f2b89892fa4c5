/**
 * State that all copies of this package in one process share: two versions of it may be installed. The key has a version
 * of its own, which changes with what the state means.
 */
export function shared<T>(name: string, make: () => T): T {
  const key = Symbol.for(`benchlab-otel.sdk.${name}.1`);
  const all = globalThis as { [key: symbol]: T | undefined };
  all[key] ??= make();
  return all[key];
}
