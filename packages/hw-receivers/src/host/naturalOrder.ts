const collator = new Intl.Collator('en', { numeric: true });

/** Names in the order of people: `temp2` before `temp10`. */
export function naturally(names: readonly string[]): string[] {
  return [...names].sort(collator.compare);
}
