import { percentile } from '@benchlab-otel/analysis/figures';
import type { Run } from './runTable.ts';
import type { RunView } from './view.ts';

/** A run in figures. */
export function runView(run: Run): RunView {
  const { latenciesMs, kernelVariant, tokensPerSecond, errorType, simulated, ...counts } = run;
  const sorted = Float64Array.from(latenciesMs).sort();
  const { launches, completions, failures } = run;
  const figures = {
    p50Ms: percentile(sorted, 50),
    p95Ms: percentile(sorted, 95),
    p99Ms: percentile(sorted, 99),
    successShare: completions === 0 ? undefined : (completions - failures) / completions,
    kernelVariant,
    tokensPerSecond,
    errorType,
  };
  const state = launches > completions ? 'running' : failures > 0 ? 'failed' : 'ok';
  const measured = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
  return { ...counts, state, isSimulated: simulated, ...measured };
}
