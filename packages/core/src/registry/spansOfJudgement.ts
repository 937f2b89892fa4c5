import type { SpanDefinition } from './definition.ts';

// What judges the work of another span has to say which: its `provenance.id`, and a link to that span.
const own = { kind: 'internal', stability: 'development', origin: 'benchlab' } as const;

const evidenceNeeds = ['provenance.id', 'evidence.kind'] as const;
const evidenceMay = ['clause.id', 'bundle.target', 'bundle.revision', 'error.type', 'error.code'] as const;
export const complianceEvidence: SpanDefinition<typeof evidenceNeeds, typeof evidenceMay> = {
  name: 'compliance.evidence',
  description: 'Collection of evidence for compliance.',
  required: evidenceNeeds,
  optional: evidenceMay,
  ...own,
};

const reviewNeeds = ['provenance.id'] as const;
const reviewMay = ['review.score', 'verify.tool', 'clause.id', 'error.type', 'error.code'] as const;
export const reviewFeedback: SpanDefinition<typeof reviewNeeds, typeof reviewMay> = {
  name: 'review.feedback',
  description: 'Feedback of a reviewer, human or machine, on what another span made.',
  required: reviewNeeds,
  optional: reviewMay,
  ...own,
};
