/**
 * State that all copies of this package in one process share: two versions of it may be installed, or both builds of one
 * loaded. It is that of the copy that was loaded first. The key has a version of its own, which changes with what the state
 * means.
 */
export function shared<T>(name: string, own: T): T {
  const all = globalThis as { [key: symbol]: T };
  // biome-ignore lint/suspicious/noAssignInExpressions: every application bundles this function, and a statement is longer
  return (all[Symbol.for(`benchlab-otel.sdk.${name}.1`)] ??= own);
}
