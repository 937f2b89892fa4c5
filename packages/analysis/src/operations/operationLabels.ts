import type { ReceivedSpan } from '../signals/decodeSpans.ts';

/** SpanKind of the OpenTelemetry API, by its number. */
export const spanKinds = ['internal', 'server', 'client', 'producer', 'consumer'] as const;

export type SpanKindName = (typeof spanKinds)[number];

/** The name of a kind of span: `client` of 2. An unknown number is `internal`, which is the default of the API. */
export function spanKindName(kind: number): SpanKindName {
  return spanKinds[kind] ?? 'internal';
}

/**
 * The name of the operation of each span: the name of the span, and its kind where spans of that name have several, so that
 * a client and its server are different operations: `GET /cart, client`. It is written as a budget names it.
 */
export function operationLabels(
  spans: readonly Pick<ReceivedSpan, 'name' | 'kind'>[],
): (span: Pick<ReceivedSpan, 'name' | 'kind'>) => string {
  const kindsOf = new Map<string, Set<number>>();
  for (const { name, kind } of spans) {
    const kinds = kindsOf.get(name);
    if (kinds === undefined) kindsOf.set(name, new Set([kind]));
    else kinds.add(kind);
  }
  const labels = new Map<string, string>();
  const labelled = (name: string, kind: number) => {
    const known = labels.get(name + kind);
    if (known !== undefined) return known;
    let label = `${name}, ${spanKindName(kind)}`;
    // A span may have such a text as its name.
    while (kindsOf.has(label)) label += ' kind';
    labels.set(name + kind, label);
    return label;
  };
  return ({ name, kind }) => ((kindsOf.get(name)?.size ?? 1) > 1 ? labelled(name, kind) : name);
}
