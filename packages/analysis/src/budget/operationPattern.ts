import { type SpanKindName, spanKinds } from '../operations/operationLabels.ts';
import type { OperationSummary } from '../operations/operations.ts';

/** Which operations a budget is about: `GET *` in `p95(GET *, client)`. */
export interface OperationPattern {
  /** The text in the parentheses, without the kind. */
  readonly operation: string;
  /** Spans of this kind only. */
  readonly kind?: SpanKindName;
}

/** Reads the parentheses of a budget. A last word after a comma that is a kind of span is the kind. */
export function operationPattern(text: string): OperationPattern {
  const comma = text.lastIndexOf(',');
  const word = text.slice(comma + 1).trim();
  const kind = comma < 0 ? undefined : spanKinds.find((each) => each === word);
  return kind === undefined ? { operation: text.trim() } : { operation: text.slice(0, comma).trim(), kind };
}

/** It has a `*` that stands for any text: it may match several operations, some of which may never have been called. */
export function hasWildcard({ operation }: OperationPattern): boolean {
  return operation.replaceAll('\\*', '').includes('*');
}

/** The operation as its spans are named, where the pattern has no wildcard: `\*` is a star. */
export function literalName({ operation }: OperationPattern): string {
  return operation.replaceAll('\\*', '*');
}

export function matchesOperation(pattern: OperationPattern, { name, kind }: OperationSummary): boolean {
  if (pattern.kind !== undefined && pattern.kind !== kind) return false;
  return hasWildcard(pattern) ? matchesParts(partsOf(pattern.operation), name) : name === literalName(pattern);
}

/** The texts between wildcards. */
function partsOf(operation: string): readonly string[] {
  return operation.split(/(?<!\\)\*/).map((part) => part.replaceAll('\\*', '*'));
}

/** Each part at its first place after the one before: linear in the length of the name, for every pattern. */
function matchesParts(parts: readonly string[], name: string): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  const until = name.length - last.length;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = name.indexOf(part, from);
    if (at < 0 || at + part.length > until) return false;
    from = at + part.length;
  }
  return true;
}
