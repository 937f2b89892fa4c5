import type { SpanDefinition } from '@benchlab-otel/core';
import { vocabulary } from './vocabulary.ts';

// A span that judges the work of another span must name that span: by `provenance.id`, and by a link to it.
const own = { kind: 'internal', stability: 'development', origin: 'benchlab' } as const;

const evidenceNeeds = ['provenance.id', 'evidence.kind'] as const;
const evidenceMay = ['clause.id', 'bundle.target', 'bundle.revision', 'error.type', 'error.code'] as const;
export const complianceEvidence: SpanDefinition<typeof evidenceNeeds, typeof evidenceMay, typeof vocabulary> = {
  name: 'compliance.evidence',
  description: 'Collection of evidence for compliance.',
  required: evidenceNeeds,
  optional: evidenceMay,
  vocabulary,
  ...own,
};

const reviewNeeds = ['provenance.id'] as const;
const reviewMay = ['review.score', 'verify.tool', 'clause.id', 'error.type', 'error.code'] as const;
export const reviewFeedback: SpanDefinition<typeof reviewNeeds, typeof reviewMay, typeof vocabulary> = {
  name: 'review.feedback',
  description: 'Feedback of a reviewer, human or machine, on what another span made.',
  required: reviewNeeds,
  optional: reviewMay,
  vocabulary,
  ...own,
};
