import { BenchlabError } from '@benchlab-otel/core';
import { CommanderError } from 'commander';

/** What `benchlab-probe` exits with. A child that failed keeps its own code. */
export const exitCode = {
  pass: 0,
  /** The command line, a budget or a file name was wrong; nothing was started. */
  usage: 2,
  /** The board, the OTLP receiver or the flush of the child's telemetry was in trouble. */
  trouble: 97,
  /** A budget could not be decided: no data, too little coverage, or an interval that straddles the limit. */
  inconclusive: 98,
  /** A budget failed. k6 uses the same code for a threshold. */
  fail: 99,
} as const;

/** A signal that ended a child becomes an exit code as a shell makes it: 128 plus its number. */
export const signalBase = 128;

/** The exit code of an error that ended a command: the caller's mistakes are usage, the world's faults are trouble. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.pass : exitCode.usage;
  if (error instanceof BenchlabError) return error.code === 'BAD_OPTION' ? exitCode.usage : exitCode.trouble;
  if (error instanceof TypeError || error instanceof RangeError) return exitCode.usage;
  return exitCode.trouble;
}
