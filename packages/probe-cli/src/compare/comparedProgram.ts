import type { ProgramName } from './comparison.ts';

/** How one of the two programs is started. */
export interface ComparedProgram {
  readonly name: ProgramName;
  readonly command: readonly string[];
  /** Undefined: our own folder. */
  readonly folder?: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** A line for a shell, as `--baseline-cmd` and `--prepare` take it. */
export function shellCommand(line: string): readonly string[] {
  return ['/bin/sh', '-c', line];
}
