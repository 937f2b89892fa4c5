import { legend, matching } from '../../queries/selector.ts';

/** The variable of the dashboard that chooses backends. */
export const onBackend: string = matching('backend', '=~', '$backend');

/** What adds up within one service: a job that is another copy of it has lines of its own, and is not added. */
export const byBackend: readonly string[] = ['job', 'backend'];
export const backendLegend: string = `${legend('backend')} (${legend('job')})`;
