import { BenchlabError } from '@benchlab-otel/core/definitions';
import { CommanderError } from 'commander';

/** The exit codes of `benchlab-probe`. A program under `run` that failed keeps its own. */
export const exitCode = {
  pass: 0,
  usage: 2,
  /** promtool uses the same code for findings of its linter. */
  findings: 3,
  trouble: 97,
  inconclusive: 98,
  /** k6 uses the same code for a threshold that was crossed. */
  fail: 99,
} as const;

export type ExitCodeName = keyof typeof exitCode;

/** What each exit code means, for the help of a command that judges budgets. */
export const exitCodeMeanings: Readonly<Record<ExitCodeName, string>> = {
  pass: 'done; every budget and expectation passed',
  usage: 'the command line, a budget or a file name is wrong; nothing was started',
  findings: 'lint found mistakes',
  trouble: 'a board, a file, a port, output or telemetry was in trouble, or benchlab-probe has a bug',
  inconclusive:
    'a budget or an expectation could not be decided: no data, too little coverage, spans that were lost, refused or not sampled, or an interval that holds the limit',
  fail: 'a budget or an expectation failed, or doctor found something',
};

/** The same for a command without budgets. */
const meaningsWithoutBudgets: Readonly<Partial<Record<ExitCodeName, string>>> = {
  pass: 'done',
  usage: 'the command line or a file name is wrong; nothing was started',
  inconclusive: 'with --strict: a stage that was asked for had no frame',
};

/** The codes that a command can end with, in ascending order, each with its meaning for that command. */
export function codesAndMeanings(
  names: readonly ExitCodeName[],
  own: Readonly<Partial<Record<ExitCodeName, string>>> = {},
): readonly (readonly [code: number, meaning: string])[] {
  const judgesBudgets = names.includes('fail') && own.fail === undefined;
  const meaning = (name: ExitCodeName) =>
    own[name] ?? (judgesBudgets ? undefined : meaningsWithoutBudgets[name]) ?? exitCodeMeanings[name];
  return names.map((name) => [exitCode[name], meaning(name)] as const).sort(([a], [b]) => a - b);
}

/** A signal that ended a program becomes an exit code as a shell makes it: 128 plus its number. */
export const signalBase = 128;

/** The exit code of an error that ended a command: the caller's mistakes are usage, everything else is trouble. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.pass : exitCode.usage;
  return error instanceof BenchlabError && error.code === 'BAD_OPTION' ? exitCode.usage : exitCode.trouble;
}

/** An error that the language throws at wrong code. Errors of the caller and of the world have other types. */
export function isBug(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((type) => error instanceof type);
}
