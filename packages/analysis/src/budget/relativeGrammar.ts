/** How a budget with a baseline as its limit is written, for help and messages. */
export const relativeGrammar: string =
  'FN(OPERATION) < baseline or FN(OPERATION) < NUMBER x baseline, with FN one of p50 p90 p95 p99 max mean errors joules, ' +
  'or watts(); joules(OPERATION, cpu) and watts(gpu) are of these rails, baseline/token is for a unit of work';
