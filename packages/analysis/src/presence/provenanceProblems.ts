import { attribute } from '@benchlab-otel/core';
import type { ReceivedSpan } from '../signals/decodeSpans.ts';
import { nearestText, ofThem, type Problem } from './problem.ts';
import type { SpanTree } from './spanTree.ts';

const name = attribute.provenanceId;

export type ProvenanceFault = 'missing' | 'malformed' | 'zeros' | 'unknown';

const texts: Readonly<Record<ProvenanceFault, string>> = {
  missing: 'is missing',
  malformed: 'is not a trace id, a dash and a span id in hex',
  zeros: 'is all zeros, as it is made without an SDK',
  unknown: 'names a span that did not arrive and that is not linked',
};

/** What is wrong with the id of the span that made what these spans judge. */
export function provenanceProblems(spans: readonly ReceivedSpan[], tree: SpanTree): readonly Problem[] {
  const faults = spans.flatMap((span) => provenanceFault(span, tree) ?? []);
  return (Object.keys(texts) as ProvenanceFault[]).flatMap((fault) => {
    const count = faults.filter((each) => each === fault).length;
    if (count === 0) return [];
    const on = spans.length === 1 ? '' : ` on ${ofThem(count, spans.length)}`;
    const near =
      fault === 'missing'
        ? nearestText(
            name,
            spans.flatMap((span) => Object.keys(span.attributes)),
          )
        : '';
    const text = `${name} ${texts[fault]}${on}${near}`;
    return [fault === 'unknown' ? { text, isCurable: true as const } : { text }];
  });
}

/** Why the `provenance.id` of a span does not name the span that made what it judges. */
export function provenanceFault({ attributes, links }: ReceivedSpan, tree: SpanTree): ProvenanceFault | undefined {
  const id = attributes[name];
  if (id === undefined) return 'missing';
  const [, traceId = '', spanId = ''] = /^([0-9a-f]{32})-([0-9a-f]{16})$/.exec(String(id)) ?? [];
  if (traceId === '') return 'malformed';
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return 'zeros';
  const isLinked = links.some((link) => link.traceId === traceId && link.spanId === spanId);
  return isLinked || tree.at(traceId, spanId) !== undefined ? undefined : 'unknown';
}
