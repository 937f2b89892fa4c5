/** One question that a run answers: a budget, an expectation of telemetry, a comparison with a baseline. */
export interface Judgement {
  readonly kind: 'budget' | 'presence' | 'comparison';
  /** What was asked, in the words of its author or of the report: `p95(checkout) < 250 ms`, `span checkout`. */
  readonly name: string;
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  /** What was seen, with its unit. */
  readonly observed?: string;
  /** What was asked for, with its unit. */
  readonly limit?: string;
  /** How many calls, points or pairs stand behind it. */
  readonly n?: number;
  /** It is inconclusive because telemetry was lost or left out by a sampler, and could change it. */
  readonly telemetryIsMissing?: true;
  /** Why it is not a pass, and the nearest names: one sentence. */
  readonly reason?: string;
}
