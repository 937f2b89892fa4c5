import { metric as coreMetric } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/presets';
import { legend, matching } from '../queries/selector.ts';
import { implementationVariable, serviceVariablesOf, sourceVariables, type Variable } from '../queries/variables.ts';

/** The variable of the dashboards of the runtime that chooses implementations. */
export const shown: string = matching('implementation', '=~', '$implementation');
/** The one that the others are compared with. */
export const primary: string = matching('implementation', '=', '$primary');
export const others: string = matching('implementation', '!=', '$primary');

/** What adds up within one service. A service that is scraped and sends OTLP too is two jobs, and is not added. */
export const byService: readonly string[] = ['job', 'implementation'];
export const serviceLegend: string = `${legend('implementation')} (${legend('job')})`;

/** What each process has one of. */
export const byProcess: readonly string[] = ['job', 'instance', 'implementation'];
export const processLegend: string = `${legend('implementation')} ${legend('instance')}`;

export const percent = { min: 0, max: 100 } as const;
export const share = { min: 0, max: 1 } as const;

/** The processes of the runtime and those that read their hosts, and which implementations are shown. */
export function runtimeVariables(): readonly Variable[] {
  return [
    ...sourceVariables(),
    ...serviceVariablesOf(metric.bitnetRequests, coreMetric.systemCpuUsage),
    implementationVariable(metric.bitnetRequests),
  ];
}
