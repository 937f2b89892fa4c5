import type { SpanWeights } from '@benchlab-otel/analysis';
import type { CpuTime } from './cpuTime.ts';
import type { ProcessShare } from './processShare.ts';

export interface CpuWeightsOptions {
  /** With it, what other processes of the host used, and this thread in no span, goes to unattributed. */
  readonly share?: ProcessShare;
}

/**
 * Weights by which spans that overlap divide energy: the CPU time of each. A span that was never on the CPU in an
 * interval gets nothing of it; where no span was, or the method is `none`, shares are equal and marked so.
 *
 * @param cpu must stand among the enrichers before `spanEnergy`
 * @example
 * const cpu = cpuTime();
 * const weights = cpuWeights(cpu, { share: processShare() });
 * await startTelemetry({ enrichers: [cpu, spanEnergy(history, { weights: { system: weights, cpu: weights } })] });
 */
export function cpuWeights(cpu: CpuTime, { share }: CpuWeightsOptions = {}): SpanWeights {
  share?.leaveOut(() => cpu.outsideSeconds);
  return {
    name: 'cpu_time',
    selfOf: (span) => (cpu.state.method === 'none' ? undefined : (cpu.secondsOf(span)?.selfSeconds ?? 0)),
    ...(share === undefined
      ? {}
      : {
          ownShare(fromNs: number, toNs: number) {
            share.observe(toNs);
            return share.shareBetween(fromNs, toNs);
          },
        }),
  };
}
