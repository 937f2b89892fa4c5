import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, appendFile, stat } from 'node:fs/promises';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { githubAnnotations } from '../report/githubAnnotations.ts';
import { markdownReport } from '../report/markdownReport.ts';
import type { RunResult } from '../report/result.ts';
import { maxSummaryBytes, stepSummary } from '../report/stepSummary.ts';

/** Annotations in the log of a step of GitHub Actions, and its summary. */
export interface GithubOutput {
  /** The report for the log, with the annotations below it. */
  wrapped(text: string, result: RunResult): string;
  /** Appends the report to the summary of the step, where GitHub has one. @throws BenchlabError when it cannot be written */
  writeSummary(result: RunResult): Promise<void>;
}

/**
 * On where it is asked for, and by itself in GitHub Actions, which sets GITHUB_ACTIONS=true; `off` switches it off.
 *
 * @throws BenchlabError BAD_OPTION when the file that GITHUB_STEP_SUMMARY names cannot be written
 */
export async function githubOutput(
  when: 'on' | 'off' | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<GithubOutput | undefined> {
  const isOn = when === undefined ? environment.GITHUB_ACTIONS === 'true' : when === 'on';
  if (!isOn) return undefined;
  const path = environment.GITHUB_STEP_SUMMARY?.trim() || undefined;
  if (path !== undefined) await checkWritable(path);
  return {
    wrapped: (text, result) => [...withoutCommands(text), ...githubAnnotations(result), ''].join('\n'),
    writeSummary: async (result) => {
      if (path !== undefined) await append(path, markdownReport(result));
    },
  };
}

/**
 * GitHub obeys every line of the log that looks like a command, and the names of spans are in the report. Between these two
 * lines it obeys only the second, whose word cannot be guessed.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands
 */
function withoutCommands(text: string): readonly string[] {
  const token = randomUUID();
  return [`::stop-commands::${token}`, text.replace(/\n$/, ''), `::${token}::`];
}

async function checkWritable(path: string): Promise<void> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error('it is not a regular file');
    await access(path, constants.W_OK);
  } catch (cause) {
    throw new BenchlabError(
      'BAD_OPTION',
      `GITHUB_STEP_SUMMARY is ${path}, which cannot be written: ${messageOf(cause)}.`,
      'Run it in a step of GitHub Actions, or add --github off.',
      { cause },
    );
  }
}

async function append(path: string, markdown: string): Promise<void> {
  try {
    const { size } = await stat(path);
    await appendFile(path, stepSummary(markdown, maxSummaryBytes - size));
  } catch (cause) {
    throw new BenchlabError(
      'UNSUPPORTED',
      `The step summary ${path} was not written: ${messageOf(cause)}.`,
      'Make room on its disk, and run it again.',
      { cause },
    );
  }
}
