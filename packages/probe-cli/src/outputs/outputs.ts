import { resolve } from 'node:path';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import type { CommandHost } from '../host/commandHost.ts';
import { jsonReport } from '../report/jsonReport.ts';
import { junitReport } from '../report/junitReport.ts';
import { markdownReport } from '../report/markdownReport.ts';
import type { RunResult } from '../report/result.ts';
import { textReport } from '../report/textReport.ts';
import { prepareOutputFile } from '../run/outputFile.ts';
import { type GithubOutput, githubOutput } from './githubOutput.ts';

export interface OutputOptions {
  readonly json?: string;
  /** The JSON report holds the command line. */
  readonly jsonCommand?: boolean;
  readonly junit?: string;
  readonly markdown?: string;
  /** Undefined: where the environment shows that GitHub Actions runs this. */
  readonly github?: 'on' | 'off';
  /** An OTLP endpoint over gRPC. */
  readonly otlpOut?: string;
}

/** Where the result of a run goes besides the terminal. */
export interface Outputs {
  /** The program has started: results of an earlier run would look like those of this one, and are removed. */
  started(): Promise<void>;
  /** Writes the files of a result that is not the last one. What cannot be written then is reported with the last one. */
  save(result: RunResult): Promise<void>;
  /**
   * Writes all of them, the files first, also when a budget failed. What cannot be written is printed and is one more
   * trouble of the result that this resolves with.
   */
  write(result: RunResult): Promise<RunResult>;
}

/**
 * Prepares every output, so that a wrong one is refused before anything is started.
 *
 * @throws BenchlabError BAD_OPTION that names the option and the path
 */
export async function prepareOutputs(
  options: OutputOptions,
  { terminal, environment }: Pick<CommandHost, 'terminal' | 'environment'>,
): Promise<Outputs> {
  const reports = reportsOf(options);
  refuseSame(reports);
  const files = await Promise.all(reports.map(prepared));
  const github = await githubOutput(options.github, environment);
  const outputs: readonly Output[] = [
    ...files,
    ...(github === undefined ? [] : [{ write: (result: RunResult) => github.writeSummary(result) }]),
    { write: async (result) => terminal.out(reportText(result, github)) },
    ...(options.otlpOut === undefined
      ? []
      : [
          {
            write: async (result: RunResult) =>
              (await import('./otlpOut.ts')).sendVerdicts(result, options.otlpOut ?? ''),
          },
        ]),
  ];
  const tried = async (result: RunResult, { write }: Output): Promise<RunResult> => {
    try {
      await write(result);
      return result;
    } catch (error) {
      const message = messageOf(error);
      terminal.err(`benchlab-probe: ${message}\n`);
      return { ...result, troubles: [...result.troubles, message] };
    }
  };
  return {
    started: async () => {
      for (const { clear } of files) await clear();
    },
    async save(result) {
      for (const file of files) await file.write(result).catch(() => undefined);
    },
    async write(result) {
      let written = result;
      for (const output of outputs) written = await tried(written, output);
      // The files state the exit code, which a trouble with a later output has changed.
      const isChanged = written.troubles.length > result.troubles.length;
      if (isChanged) for (const file of files) await file.write(written).catch(() => undefined);
      return written;
    },
  };
}

interface Output {
  write(result: RunResult): Promise<void>;
}

interface Report {
  readonly option: string;
  readonly path: string;
  readonly text: (result: RunResult) => string;
}

interface PreparedReport extends Report, Output {
  clear(): Promise<void>;
}

function reportsOf({ json, jsonCommand = false, junit, markdown }: OutputOptions): readonly Report[] {
  const reports = [
    { option: '--json', path: json, text: (result: RunResult) => jsonReport(result, { withCommand: jsonCommand }) },
    { option: '--junit', path: junit, text: junitReport },
    { option: '--markdown', path: markdown, text: markdownReport },
  ];
  return reports.flatMap(({ path, ...rest }) => (path === undefined ? [] : [{ path, ...rest }]));
}

async function prepared(report: Report): Promise<PreparedReport> {
  const file = await prepareOutputFile(report.path, report.option);
  return { ...report, write: (result) => file.write(report.text(result)), clear: () => file.clear() };
}

/** Two reports in one file: the second would replace the first. */
function refuseSame(reports: readonly Report[]): void {
  for (const [k, { option, path }] of reports.entries()) {
    const other = reports.slice(0, k).find((each) => resolve(each.path) === resolve(path));
    if (other === undefined) continue;
    throw new BenchlabError('BAD_OPTION', `${other.option} and ${option} are both ${path}.`, 'Name a file for each.');
  }
}

function reportText(result: RunResult, github: GithubOutput | undefined): string {
  const text = textReport(result);
  return github === undefined ? text : github.wrapped(text, result);
}
