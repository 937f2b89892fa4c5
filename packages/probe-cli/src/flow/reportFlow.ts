import { basename, resolve } from 'node:path';
import { seconds, significant } from '@benchlab-otel/analysis';
import { type FlowReport, flowReport, type StepReport } from '@benchlab-otel/session';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { printable, printableLines } from '../report/printable.ts';
import { table } from '../report/table.ts';
import { prepareOutputFile } from '../run/outputFile.ts';
import { eachSession } from '../sessions/eachSession.ts';
import type { SessionOptions } from '../sessions/sessionOptions.ts';
import { flowHtml } from './flowHtml.ts';
import { flowMarkdown } from './flowMarkdown.ts';
import { readFlowFile } from './readFlowFile.ts';

interface FlowReportOptions extends SessionOptions {
  readonly flow: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly json?: boolean;
}

/** `flow report`: latency, target and joules of each step, as a table, HTML, Markdown or JSON. */
export async function reportFlow(
  host: CommandHost,
  { flow: path, html, markdown, json = false, ...options }: FlowReportOptions,
  [folder = '']: readonly string[],
): Promise<number> {
  const flow = readFlowFile(path);
  const htmlFile = html === undefined ? undefined : await prepareOutputFile(html, '--html');
  const markdownFile = markdown === undefined ? undefined : await prepareOutputFile(markdown, '--markdown');
  const { out } = host.terminal;
  let hasRun = false;
  const code = await eachSession(host, options, [folder], async (session) => {
    const name = session.file?.name ?? basename(resolve(folder));
    const report = flowReport(flow, session, name, options.pair[0]);
    hasRun ||= report.steps.some(({ runs }) => runs > 0);
    await htmlFile?.write(flowHtml(report));
    await markdownFile?.write(flowMarkdown(report));
    if (json) out(`${printableLines(JSON.stringify(report, undefined, 2))}\n`);
    else out(`${textOf(report).join('\n')}\n`);
  });
  if (hasRun) return code;
  const fix = 'Run it with benchlab-probe flow run FILE --session FOLDER while the session is recorded.';
  host.terminal.err(`benchlab-probe: the session does not show a step of ${printable(flow.flow)}. ${fix}\n`);
  return exitCode.trouble;
}

function textOf({ flow, session, pair, steps, simulated }: FlowReport): readonly string[] {
  const header = ['step', 'frames', 'p50', 'p95', 'target', 'met', 'time', 'energy'];
  const latency = pair === undefined ? 'no frames' : pair.join(' → ');
  return [
    printable(`${flow} in ${session}: ${latency}`),
    ...table(header, steps.map(row)),
    ...(simulated ? ['simulated'] : []),
  ];
}

function row({ id, runs, frames, p50Ms, p95Ms, targetMs, isTargetMet, joules, seconds: length }: StepReport) {
  const time = (ms: number | undefined) => (ms === undefined ? '–' : ms === 0 ? '0 ms' : seconds(ms / 1e3));
  const met = isTargetMet === undefined ? '–' : isTargetMet ? 'yes' : 'no';
  const ran = (text: string) => (runs === 0 ? '–' : text);
  const energy = joules === undefined ? '–' : `${significant(joules)} J`;
  return [
    id,
    ran(String(frames)),
    time(p50Ms),
    time(p95Ms),
    time(targetMs),
    met,
    ran(`${length.toFixed(1)} s`),
    energy,
  ];
}
