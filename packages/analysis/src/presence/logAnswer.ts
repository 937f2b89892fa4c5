import type { Attributes } from '@opentelemetry/api';
import type { ReceivedLogRecord } from '../signals/decodeLogs.ts';
import { counted } from '../text/quantity.ts';
import type { Answer } from './answer.ts';
import type { LogExpectation } from './expectations.ts';
import { nearestText, nounOf, ofThemAre, ofThemHave, type Problem } from './problem.ts';
import type { SpanTree } from './spanTree.ts';
import { valueProblems, valueTestText } from './valueProblems.ts';

/** What was found of the records of an expected event. */
export function logAnswer(expected: LogExpectation, all: readonly ReceivedLogRecord[], tree: SpanTree): Answer {
  const { event, atLeast, fields, within } = expected;
  const records = all.filter((record) => eventOf(record) === event);
  const tests = Object.entries(fields);
  const limits = [
    counted(atLeast, 'record'),
    ...tests.map(([key, test]) => `${key} ${valueTestText(test)}`.trim()),
    ...(within === undefined ? [] : [`within ${within}`]),
  ];
  const found = counted(records.length, 'record');
  return {
    name: `log event ${event}`,
    limit: limits.join(', '),
    observed: found,
    n: records.length,
    found: records.length === 0 ? '' : `${found} of the event ${event} arrived`,
    problems: records.length === 0 ? [absent(event, all)] : presentProblems(expected, records, tree),
    onlyGrows: limits.length === 1,
  };
}

/** The name of the event of a record: OTLP's own field, or the attribute that loggers write. */
export function eventOf({ eventName, attributes }: ReceivedLogRecord): string | undefined {
  const name = eventName ?? attributes['event.name'] ?? attributes.event;
  return typeof name === 'string' ? name : undefined;
}

/** Attributes, and the keys of a body that is a map. */
export function fieldsOf({ attributes, body }: ReceivedLogRecord): Attributes {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return attributes;
  const pairs = Object.entries(body).flatMap(([key, value]) =>
    value === null ? [] : [[key, typeof value === 'object' ? JSON.stringify(value) : value] as const],
  );
  return { ...Object.fromEntries(pairs), ...attributes };
}

function absent(event: string, all: readonly ReceivedLogRecord[]): Problem {
  const near = nearestText(
    event,
    all.flatMap((record) => eventOf(record) ?? []),
  );
  const others = near === '' ? `; ${counted(all.length, 'record')} without the name of an event arrived` : near;
  return { text: `no record of the event ${event} arrived${others}`, isCurable: true };
}

function presentProblems(
  { atLeast, fields, within }: LogExpectation,
  records: readonly ReceivedLogRecord[],
  tree: SpanTree,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (records.length < atLeast) problems.push({ text: `at least ${atLeast} must arrive`, isCurable: true });
  const holders = records.map(fieldsOf);
  for (const test of Object.entries(fields)) problems.push(...valueProblems('field', test, holders));
  if (within !== undefined) problems.push(...withinProblems(within, records, tree));
  return problems;
}

function withinProblems(within: string, records: readonly ReceivedLogRecord[], tree: SpanTree): readonly Problem[] {
  const without = records.filter(({ traceId, spanId }) => traceId === undefined || spanId === undefined);
  const placed = records.filter(({ traceId, spanId }) => traceId !== undefined && spanId !== undefined);
  const lost = placed.filter(({ traceId, spanId }) => tree.at(traceId, spanId) === undefined);
  const others = placed.flatMap(({ traceId, spanId }) => {
    const span = tree.at(traceId, spanId);
    return span === undefined || tree.isWithin(span, within) ? [] : [span.name];
  });
  const total = records.length;
  return [
    ...(without.length === 0
      ? []
      : [{ text: `${ofThemHave(without.length, total)} no trace id and span id, and must be within ${within}` }]),
    ...(lost.length === 0
      ? []
      : [
          {
            text: `${nounOf('span', lost.length, total)} did not arrive, and must be within ${within}`,
            isCurable: true as const,
          },
        ]),
    ...(others.length === 0
      ? []
      : [{ text: `${ofThemAre(others.length, total)} within ${others[0]}, not within ${within}` }]),
  ];
}
