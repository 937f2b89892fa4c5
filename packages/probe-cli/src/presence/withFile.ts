import { dirname, resolve } from 'node:path';
import type { ComparisonOptions } from '../compare/comparisonRequest.ts';
import type { ProbeFile } from './probeFile.ts';

/** The options of a run that a file can set, too. */
interface FileOptions extends ComparisonOptions {
  readonly allowSimulated?: boolean;
  readonly idle?: number;
  readonly calibration?: string;
}

/**
 * The options of a command line with those of a file where the command line has none. Paths in the file are from its folder.
 * Budgets with a baseline are those of both.
 */
export function withFile<Options extends FileOptions>(
  options: Options,
  { path, energy, baseline = {}, relativeBudgets }: ProbeFile,
): Options {
  const { calibration, idleMs, allowSimulated } = energy;
  const { command, ref, prepare, warmup, margin } = baseline;
  const hasBaseline = options.baselineCmd !== undefined || options.baselineRef !== undefined;
  return {
    ...(calibration === undefined ? {} : { calibration: resolve(dirname(path), calibration) }),
    ...(idleMs === undefined ? {} : { idle: idleMs }),
    ...(allowSimulated === undefined ? {} : { allowSimulated }),
    ...(command === undefined || hasBaseline ? {} : { baselineCmd: command }),
    ...(ref === undefined || hasBaseline ? {} : { baselineRef: ref }),
    ...(prepare === undefined ? {} : { prepare }),
    ...(warmup === undefined ? {} : { warmup }),
    ...(margin === undefined ? {} : { margin }),
    ...options,
    budget: [...new Set([...options.budget, ...relativeBudgets])],
  };
}
