import { exitCode } from '../command/exitCode.ts';
import type { CommandEvents } from '../events/commandEvents.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { type Diagnosis, diagnosis, type ObservedRun } from './diagnosis.ts';
import { doctorJson, doctorText } from './doctorReport.ts';
import type { FindingId } from './finding.ts';
import { instantNow } from './host/clockLook.ts';
import { thisHost } from './host/hostView.ts';
import { observedProgram } from './program/observedProgram.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  /** The program is ended after this time, ms. */
  readonly for?: number;
  readonly ignore: readonly FindingId[];
}

/** Looks at the project of the working folder, at this host, and at a program while it runs. */
export async function runDoctor(
  host: CommandHost,
  options: DoctorOptions,
  command: readonly string[],
  events: Pick<CommandEvents, 'emit'>,
): Promise<number> {
  const { terminal, environment } = host;
  const folder = process.cwd();
  // JSON stands alone on standard output.
  const childHost: CommandHost = options.json ? { ...host, childOutput: (text) => terminal.err(text) } : host;
  const observe = async (): Promise<ObservedRun> => {
    const before = instantNow();
    const observed = await observedProgram(childHost, command, options.for === undefined ? {} : { forMs: options.for });
    return { ...observed, before, after: instantNow() };
  };
  const found = await diagnosis({ folder, environment, host: thisHost(), ...(command.length > 0 && { observe }) });
  for (const { id, evidence, fix } of found.findings) {
    const is_ignored = options.ignore.includes(id);
    events.emit({ event: 'finding', diagnostics: { id, evidence: evidence.join(' '), fix, is_ignored } });
  }
  const report = { folder, ignored: options.ignore };
  terminal.out(options.json ? doctorJson(found, report) : doctorText(found, report));
  return exitCodeOf(found, options.ignore);
}

export function exitCodeOf({ findings, couldNotLook }: Diagnosis, ignored: readonly FindingId[]): number {
  if (findings.some(({ id }) => !ignored.includes(id))) return exitCode.fail;
  return couldNotLook ? exitCode.trouble : exitCode.pass;
}
