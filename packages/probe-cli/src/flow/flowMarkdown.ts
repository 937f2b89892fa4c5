import { seconds, significant } from '@benchlab-otel/analysis';
import type { FlowReport, StepReport } from '@benchlab-otel/session';
import { code, tableOf } from '../report/markdown.ts';

/** The report of a flow as Markdown: for a ticket, or a comment in a review. */
export function flowMarkdown({ flow, session, openedAt, pair, steps, simulated }: FlowReport): string {
  const latency = pair === undefined ? 'no frames' : `latency from ${code(pair[0])} to ${code(pair[1])}`;
  const header = ['step', 'text', 'frames', 'p50', 'p95', 'target', 'met', 'time', 'energy'];
  return `${[
    `# Flow ${code(flow)}`,
    '',
    [`Session ${code(session)}`, ...(openedAt === undefined ? [] : [openedAt]), latency].join(', '),
    '',
    ...(simulated ? ['**Simulated**: an event or a sample of this session was made up.', ''] : []),
    ...tableOf(header, steps.map(row)),
    '',
    'A target is met when 95 % of the frames that entered during the step took no longer. Energy is that of the whole bench.',
  ].join('\n')}\n`;
}

function row(step: StepReport): readonly string[] {
  const { id, copy, runs, frames, p50Ms, p95Ms, targetMs, isTargetMet, joules } = step;
  const time = (ms: number | undefined) => (ms === undefined ? '–' : ms === 0 ? '0 ms' : seconds(ms / 1e3));
  const met = isTargetMet === undefined ? '–' : isTargetMet ? 'yes' : '**no**';
  const ran = (text: string) => (runs === 0 ? '–' : text);
  return [
    code(id),
    copy === undefined ? '' : code(copy),
    ran(String(frames)),
    time(p50Ms),
    time(p95Ms),
    time(targetMs),
    met,
    ran(`${step.seconds.toFixed(1)} s`),
    joules === undefined ? '–' : `${significant(joules)} J`,
  ];
}
