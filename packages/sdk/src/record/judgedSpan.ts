import { type AttributeName, createReport, judgingSpans } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { provenanceLink } from './provenance.ts';
import { countFault } from './recordFaults.ts';

const id = 'provenance.id' satisfies AttributeName;
const missing = 'provenance.missing' satisfies AttributeName;
const names: ReadonlySet<string> = new Set(judgingSpans);

/** What an ended span lacks, by its name and its attributes: attributes to mark it with, or undefined. */
export type JudgeSpan = (name: string, attributes: Readonly<Attributes>) => Attributes | undefined;

/**
 * Checks spans that judge the work of another one, by whichever API they were made: `verify.run`, `compliance.evidence`,
 * `review.feedback`. One without a valid `provenance.id` is counted in `benchlab.record.faults`, reported, and to be marked with
 * `provenance.missing`; one that is marked already was counted when it started.
 */
export function judgeSpans(): JudgeSpan {
  const report = createReport('provenance');
  return (name, attributes) => {
    if (!names.has(name) || attributes[missing] === true) return undefined;
    if (provenanceLink(attributes[id]) !== undefined) return undefined;
    countFault('missing_provenance');
    report(`the '${id}' of ${name} does not name a span, so the work that it judges cannot be traced.`);
    return { [missing]: true };
  };
}
