import { attribute } from '@benchlab-otel/core';
import type { ReceivedSpan } from '../signals/decodeSpans.ts';
import { counted } from '../text/quantity.ts';
import type { Answer } from './answer.ts';
import { type SpanExpectation, spanKinds } from './expectations.ts';
import { forbids, meets, numberTestText, onlyLower } from './numberTest.ts';
import { nearestText, nounOf, ofThemAre, ofThemHave, type Problem } from './problem.ts';
import { provenanceProblems } from './provenanceProblems.ts';
import type { SpanTree } from './spanTree.ts';
import { valueProblems, valueTestText } from './valueProblems.ts';

/** What was found of the spans of an expected name. */
export function spanAnswer(expected: SpanExpectation, all: readonly ReceivedSpan[], tree: SpanTree): Answer {
  const { name, count, kind, status, parent, root, attributes, provenance } = expected;
  const spans = all.filter((span) => span.name === name);
  const tests = Object.entries(attributes);
  const limits = [
    `count ${numberTestText(count)}`,
    ...(kind === undefined ? [] : [`kind ${kind}`]),
    ...(status === undefined ? [] : [`status ${status.join(' or ')}`]),
    ...(parent === undefined ? [] : [`parent ${parent}`]),
    ...(root === undefined ? [] : ['no parent']),
    ...tests.map(([key, test]) => `${key} ${valueTestText(test)}`.trim()),
    ...(provenance === undefined ? [] : [attribute.provenanceId]),
  ];
  const asksOfEach = limits.length > 1;
  return {
    name: `span ${name}`,
    limit: limits.join(', '),
    observed: counted(spans.length, 'span'),
    n: spans.length,
    found: spans.length === 0 ? '' : `${counted(spans.length, 'span')} named ${name} arrived`,
    problems: spans.length === 0 ? absent(expected, all) : presentProblems(expected, spans, tree),
    onlyGrows: onlyLower(count) && !asksOfEach,
  };
}

/** Absent passes only where the span must be absent. */
function absent({ name, count }: SpanExpectation, all: readonly ReceivedSpan[]): readonly Problem[] {
  if (forbids(count)) return [];
  const near = nearestText(
    name,
    all.map((span) => span.name),
  );
  const how = meets(0, count) ? `, and ${numberTestText(count)} does not pass without one` : '';
  return [{ text: `no span named ${name} arrived${how}${near}`, isCurable: true }];
}

function presentProblems(
  { count, kind, status, parent, root, attributes, provenance }: SpanExpectation,
  spans: readonly ReceivedSpan[],
  tree: SpanTree,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (!meets(spans.length, count)) {
    const couldGrow = onlyLower(count) || (count.comparison === '==' && spans.length < count.limit);
    problems.push({ text: `the count must be ${numberTestText(count)}`, ...(couldGrow ? { isCurable: true } : {}) });
  }
  if (kind !== undefined) problems.push(...kindProblems(kind, spans));
  if (status !== undefined) problems.push(...statusProblems(status, spans));
  if (parent !== undefined) problems.push(...parentProblems(parent, spans, tree));
  if (root) problems.push(...rootProblems(spans, tree));
  const holders = spans.map((span) => span.attributes);
  for (const test of Object.entries(attributes)) problems.push(...valueProblems('attribute', test, holders));
  if (provenance) problems.push(...provenanceProblems(spans, tree));
  return problems;
}

function kindProblems(kind: string, spans: readonly ReceivedSpan[]): readonly Problem[] {
  const others = spans.filter((span) => spanKinds[span.kind] !== kind);
  const [first] = others;
  if (first === undefined) return [];
  return [{ text: `${ofThemAre(others.length, spans.length)} of kind ${spanKinds[first.kind]}, not ${kind}` }];
}

/** Characters of the message of a failed span that a reason shows. */
const maxMessage = 100;

function statusProblems(allowed: readonly string[], spans: readonly ReceivedSpan[]): readonly Problem[] {
  const others = spans.filter((span) => !allowed.includes(span.status.code));
  const [first] = others;
  if (first === undefined) return [];
  const { code, message } = first.status;
  const why = message === undefined ? '' : ` (${message.slice(0, maxMessage)})`;
  return [{ text: `${ofThemHave(others.length, spans.length)} the status ${code}${why}, not ${allowed.join(' or ')}` }];
}

function parentProblems(parent: string, spans: readonly ReceivedSpan[], tree: SpanTree): readonly Problem[] {
  const above = spans.map((span) => tree.above(span));
  const roots = above.filter((each) => each === 'root').length;
  const lost = above.filter((each) => each === 'absent').length;
  const others = above.flatMap((each) => (typeof each === 'object' && each.name !== parent ? [each.name] : []));
  return [
    ...(roots === 0
      ? []
      : [{ text: `${ofThemHave(roots, spans.length)} no parent, and the parent must be ${parent}` }]),
    ...(lost === 0
      ? []
      : [
          {
            text: `${nounOf('parent', lost, spans.length)} did not arrive, and must be ${parent}`,
            isCurable: true as const,
          },
        ]),
    ...(others.length === 0
      ? []
      : [{ text: `${ofThemHave(others.length, spans.length)} the parent ${others[0]}, not ${parent}` }]),
  ];
}

function rootProblems(spans: readonly ReceivedSpan[], tree: SpanTree): readonly Problem[] {
  const children = spans.map((span) => tree.above(span)).filter((each) => each !== 'root');
  const [first] = children;
  if (first === undefined) return [];
  const name = first === 'absent' ? 'a parent that did not arrive' : `the parent ${first.name}`;
  return [{ text: `${ofThemHave(children.length, spans.length)} ${name}, and must have no parent` }];
}
