import { matching } from '../queries/selector.ts';

/** What adds up: the processes of one service. One that is scraped and sends OTLP too is two jobs, and is not added. */
export const byService: readonly string[] = ['job'];
export const serviceLegend = '{{job}}';

/** What each process has one of. */
export const byProcess: readonly string[] = ['job', 'instance'];
export const processLegend = '{{instance}}';

/** Requests that failed, as the service marks them. */
export const failed: string = matching('status', '=', 'error');

export const share = { min: 0, max: 1 } as const;
