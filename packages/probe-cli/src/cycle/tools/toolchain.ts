import type { FindProgram } from '@benchlab-otel/hw-receivers';
import { printable } from '../../report/printable.ts';
import { runTool, type ToolLimits } from './runTool.ts';

/** A program of this host that compiles or verifies. */
export interface Toolchain {
  /** Its name: `cc`. */
  readonly binary: string;
  /** Absolute path. */
  readonly path: string;
  /** The first line of what it states as its version. Undefined where it states none. */
  readonly version?: string;
}

const longestVersion = 200;

/** Where and how programs run. */
export interface Workplace {
  readonly findProgram: FindProgram;
  readonly folder: string;
  readonly limits: ToolLimits;
  readonly signal: AbortSignal;
}

/** Finds a program and asks for its version. Undefined where the host does not have it. */
export async function findToolchain(
  binary: string,
  reservesAddresses: boolean,
  { findProgram, ...place }: Workplace,
): Promise<Toolchain | undefined> {
  const path = findProgram(binary);
  if (path === undefined) return undefined;
  const { stdout, error } = await runTool({ program: path, arguments: ['--version'], reservesAddresses, ...place });
  const [first = ''] = stdout.toString('utf8').split('\n');
  const version = printable(first.trim()).slice(0, longestVersion);
  return { binary, path, ...(error === undefined && version !== '' ? { version } : {}) };
}
