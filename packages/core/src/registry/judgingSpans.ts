/**
 * Names of the spans that judge the work of another span: each must name that span by `provenance.id`. Their definitions are in
 * `@benchlab-otel/presets`.
 */
export const judgingSpans = ['verify.run', 'compliance.evidence', 'review.feedback'] as const;
